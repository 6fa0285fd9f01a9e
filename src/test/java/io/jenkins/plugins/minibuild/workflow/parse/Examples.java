package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.language.BoundLocale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The files of workflows among the test resources, and what is expected of them. */
final class Examples {
    static final Path FOLDER = Path.of("src/test/resources/io/jenkins/plugins/minibuild/workflow");

    /** What {@code uses} can name in them. */
    static final Set<String> STEPS = Set.of("miniprogramUpload", "miniBuildNotify");

    private Examples() {}

    /** The YAML files of a folder. */
    static List<Path> in(String folder) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
            return files.filter(each -> each.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is expected of a file, beside it: {@code model}, {@code en}, {@code zh}; empty text where that file is missing. */
    static String expected(Path file, String what) {
        String name = file.getFileName().toString();
        Path beside = file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + "." + what + ".txt");
        return Files.exists(beside) ? read(beside) : "";
    }

    static ParsedWorkflow parse(Path file, Locale locale) {
        try (BoundLocale bound = BoundLocale.bind(Optional.of(locale))) {
            return WorkflowParser.parse(read(file), STEPS);
        }
    }

    /** Its problems, each as a line that begins with E or W. */
    static String problems(Path file, Locale locale) {
        try (BoundLocale bound = BoundLocale.bind(Optional.of(locale))) {
            StringBuilder lines = new StringBuilder();
            WorkflowParser.parse(read(file), STEPS).problems().forEach(each -> lines.append(
                            each.severity().name().charAt(0))
                    .append(' ')
                    .append(each.line(file.getFileName().toString()))
                    .append('\n'));
            return lines.toString();
        }
    }
}
