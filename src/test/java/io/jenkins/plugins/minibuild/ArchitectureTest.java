package io.jenkins.plugins.minibuild;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import hudson.model.Descriptor;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.verb.POST;

/** The rules of the house: docs/architecture.md says why. */
@AnalyzeClasses(packages = "io.jenkins.plugins.minibuild", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.minibuild.";
    private static final Pattern ADAPTER = Pattern.compile(
            ".*(Step|Builder|Wrapper|Trigger|Publisher|Action|Listener|Work|Configuration|Endpoint|Descriptor"
                    + "|Adapter|Factory|Installation|Installer)");

    /** By the name of the outermost class: a nested DescriptorImpl belongs to its step. */
    private static final DescribedPredicate<JavaClass> ADAPTERS = new DescribedPredicate<>("adapters") {
        @Override
        public boolean test(JavaClass type) {
            JavaClass outermost = outermost(type);
            return outermost.getPackageName().startsWith("io.jenkins.plugins.minibuild")
                    && ADAPTER.matcher(outermost.getSimpleName()).matches();
        }
    };

    private static final DescribedPredicate<JavaClass> JENKINS_PAGES_AND_BUILDS =
            new DescribedPredicate<>("Jenkins, Run, Stapler or Descriptor") {
                @Override
                public boolean test(JavaClass type) {
                    return type.isEquivalentTo(Jenkins.class)
                            || type.isEquivalentTo(Run.class)
                            || type.isEquivalentTo(Descriptor.class)
                            || type.getPackageName().startsWith("org.kohsuke.stapler");
                }
            };

    @ArchTest
    static final ArchRule PLAIN_CLASSES_DO_NOT_SEE_JENKINS =
            noClasses().that(DescribedPredicate.not(ADAPTERS)).should().dependOnClassesThat(JENKINS_PAGES_AND_BUILDS);

    /** The floors, the lowest first. Rooms inside a room stand on its floor. */
    private static final List<String> FLOORS = List.of(
            "http",
            "files",
            "process",
            "step",
            "access",
            "forge",
            "checkout",
            "limits",
            "notify",
            "claude",
            "analysis",
            "review",
            "codegen",
            "miniprogram",
            "approval",
            "merge",
            "workflow",
            "webhook",
            "requirement",
            "history",
            "api",
            "home");

    /** What is no capability: every room above may use its adapters. */
    private static final Set<String> SHARED = Set.of("http", "files", "process", "step", "access");

    @ArchTest
    static void anImportPointsDown(JavaClasses classes) {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : classes) {
            int floor = floor(type);
            if (floor < 0) {
                wrong.add(type.getName() + " stands in a room that is on no floor");
            }
            for (JavaClass target : imports(type)) {
                if (floor(target) > floor) {
                    wrong.add(type.getName() + " points up to " + target.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Rooms inside rooms count. */
    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching(ROOT + "(**)").should().beFreeOfCycles();

    @ArchTest
    static void noCapabilityUsesAConcreteAdapterOfAnother(JavaClasses classes) {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : classes) {
            for (JavaClass target : imports(type)) {
                if (ADAPTERS.test(target)
                        && !room(target).equals(room(type))
                        && !SHARED.contains(room(target))
                        && !outermost(target).getModifiers().contains(JavaModifier.ABSTRACT)) {
                    wrong.add(type.getName() + " uses another capability's concrete adapter " + target.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static List<JavaClass> imports(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target -> target.getPackageName().startsWith(ROOT))
                .distinct()
                .toList();
    }

    private static int floor(JavaClass type) {
        return FLOORS.indexOf(room(type));
    }

    private static String room(JavaClass type) {
        return type.getPackageName().substring(ROOT.length()).replaceFirst("\\..*", "");
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return outermost;
    }

    @ArchTest
    static final ArchRule FORM_METHODS_ANSWER_POST_ONLY = methods()
            .that()
            .haveNameMatching("do(Check|Fill|Test)[A-Z].*")
            .should()
            .beAnnotatedWith(POST.class)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule FORM_METHODS_CHECK_A_PERMISSION = methods()
            .that()
            .haveNameMatching("do(Check|Fill|Test)[A-Z].*")
            .should(checkAPermission())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NO_COMMAND_BUT_THROUGH_PROCESS = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "process..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .orShould()
            .callMethod(hudson.Launcher.class, "launch")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Runtime");

    @ArchTest
    static final ArchRule NO_BUCKETS = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager");

    private static ArchCondition<JavaMethod> checkAPermission() {
        return new ArchCondition<>("check a permission, by itself or through a method of the plugin") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean found = checksAPermission(method, new HashSet<>());
                events.add(new SimpleConditionEvent(method, found, method.getFullName() + " checks no permission"));
            }
        };
    }

    private static boolean checksAPermission(JavaMethod method, Set<JavaMethod> seen) {
        Set<String> checks = Set.of("checkPermission", "hasPermission", "checkAnyPermission", "hasAnyPermission");
        return seen.add(method)
                && method.getCallsFromSelf().stream()
                        .anyMatch(call -> checks.contains(call.getName())
                                || call.getTargetOwner().getPackageName().startsWith(ROOT)
                                        && call.getTarget()
                                                .resolveMember()
                                                .filter(JavaMethod.class::isInstance)
                                                .map(JavaMethod.class::cast)
                                                .filter(called -> checksAPermission(called, seen))
                                                .isPresent());
    }
}
