package org.jvnet.hudson.annotation_indexer;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/** Writes, for each indexed annotation, the names of the classes that carry it, or have a member that does: one a line. */
@SupportedAnnotationTypes("*")
public class AnnotationProcessorImpl extends AbstractProcessor {
    private final Map<String, Set<String>> uses = new TreeMap<>();

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            if (annotation.getAnnotation(Indexed.class) == null) {
                continue;
            }
            Set<String> names =
                    uses.computeIfAbsent(annotation.getQualifiedName().toString(), name -> new TreeSet<>());
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                Element holder = element instanceof TypeElement ? element : element.getEnclosingElement();
                if (holder instanceof TypeElement type) {
                    names.add(
                            processingEnv.getElementUtils().getBinaryName(type).toString());
                }
            }
        }
        if (round.processingOver()) {
            uses.forEach(this::write);
        }
        return false;
    }

    private void write(String annotation, Set<String> names) {
        try (Writer out = new java.io.OutputStreamWriter(
                processingEnv
                        .getFiler()
                        .createResource(
                                StandardLocation.CLASS_OUTPUT, "", "META-INF/services/annotations/" + annotation)
                        .openOutputStream(),
                StandardCharsets.UTF_8)) {
            for (String name : names) {
                out.write(name + "\n");
            }
        } catch (IOException e) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, e.toString());
        }
    }
}
