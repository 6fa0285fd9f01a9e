package io.jenkins.plugins.minibuild;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.stream.Stream;

/** What the plugin runs on agents, found among its classes. */
public final class AgentCallables {
    private AgentCallables() {}

    /** The callables of some rooms, those in rooms inside too; of all rooms if none is named. */
    public static Stream<Class<?>> callables(String... rooms) {
        String[] packages = Stream.of(rooms)
                .map(room -> "io.jenkins.plugins.minibuild." + room)
                .toArray(String[]::new);
        return new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(rooms.length == 0 ? new String[] {"io.jenkins.plugins.minibuild"} : packages)
                        .stream()
                        .filter(type -> HouseRules.isCallable(type)
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                                && !HouseRules.isFromAgents(type))
                        .sorted(Comparator.comparing(JavaClass::getName))
                        .map(JavaClass::reflect);
    }

    /** The type of a callable's answer. */
    public static Type answer(Class<?> callable) {
        return HouseRules.answer(callable);
    }
}
