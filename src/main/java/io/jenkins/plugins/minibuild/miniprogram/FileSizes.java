package io.jenkins.plugins.minibuild.miniprogram;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import jenkins.MasterToSlaveFileCallable;

/** The largest files of the folder that is compiled: where to begin when a program is too large. */
final class FileSizes extends MasterToSlaveFileCallable<FileSizes.Sizes> {

    private static final long serialVersionUID = 1L;
    private static final int MOST = 10;
    private static final int MOST_VISITED = 100_000;
    private static final int LONGEST_NAME = 200;
    private static final Set<String> LEFT_OUT = Set.of("node_modules", ".git");

    /** At most {@value #MOST}, the largest first. */
    record Sizes(List<Size> files) implements Serializable {
        Sizes {
            files = AgentAnswer.list("The list of the largest files", files, Size.class, MOST);
        }
    }

    /** One file. */
    record Size(String name, long bytes) implements Serializable {
        Size {
            AgentAnswer.text("The name of a file", name, 1 << 16);
            AgentAnswer.number("The size of a file", bytes, 0, 1L << 60);
        }
    }

    /** Finds them. */
    static LargestFiles in(FilePath folder) throws IOException, InterruptedException {
        List<LargestFiles.File> files = new ArrayList<>();
        for (Size each : AgentAnswer.act(folder, new FileSizes(), Sizes.class).files()) {
            String name = DriverFailure.clean(each.name());
            files.add(new LargestFiles.File(name.substring(0, Math.min(LONGEST_NAME, name.length())), each.bytes()));
        }
        return new LargestFiles(files);
    }

    @Override
    public Sizes invoke(File folder, VirtualChannel channel) throws IOException {
        List<Size> files = new ArrayList<>();
        Path root = folder.toPath();
        Files.walkFileTree(root, new Visitor(root, files));
        cut(files);
        return new Sizes(files);
    }

    /** Collects the files, never many more than are wanted. */
    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<Size> files;
        private int visited;

        private Visitor(Path root, List<Size> files) {
            this.root = root;
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            Path name = each.getFileName();
            return name != null && LEFT_OUT.contains(name.toString())
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                files.add(new Size(root.relativize(each).toString().replace('\\', '/'), attributes.size()));
                if (files.size() > 10 * MOST) {
                    cut(files);
                }
            }
            return ++visited < MOST_VISITED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path each, IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }

    private static void cut(List<Size> files) {
        files.sort(Comparator.comparingLong(Size::bytes).reversed().thenComparing(Size::name));
        if (files.size() > MOST) {
            files.subList(MOST, files.size()).clear();
        }
    }
}
