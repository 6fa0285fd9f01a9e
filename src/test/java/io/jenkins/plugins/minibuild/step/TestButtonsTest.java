package io.jenkins.plugins.minibuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestButtonsTest {
    private static final String PLUGIN = "io.jenkins.plugins.minibuild";

    @Test
    void everyButtonThatSendsACredentialNeedsThePermissionToUseIt() {
        List<JavaMethod> buttons = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(PLUGIN).stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.getName().startsWith("doTest")
                                && Arrays.stream(method.reflect().getParameters())
                                        .anyMatch(each -> each.getName().matches("(?i).*credentialsId|recipients")))
                        .toList();
        assertThat(buttons).hasSizeGreaterThanOrEqualTo(5).allMatch(method -> checks(method, 3));
    }

    private static boolean checks(JavaMethod method, int depth) {
        return method.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTarget().getName().equals("checkCredentialUse")
                        || depth > 0
                                && call.getTargetOwner().getPackageName().startsWith(PLUGIN)
                                && call.getTarget()
                                        .resolveMember()
                                        .map(target -> checks(target, depth - 1))
                                        .orElse(false));
    }
}
