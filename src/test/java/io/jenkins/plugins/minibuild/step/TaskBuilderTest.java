package io.jenkins.plugins.minibuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import io.jenkins.plugins.minibuild.codegen.ClaudeCodegenStep;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadStep;
import io.jenkins.plugins.minibuild.pipeline.StepRegistry;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kohsuke.stapler.DataBoundSetter;

class TaskBuilderTest {
    @TempDir
    Path folder;

    private final EnvVars environment = new EnvVars("MINIBUILD_MESSAGE", "\"; touch pwned; echo \"", "BRANCH", "main");

    private Map<String, Object> expanded(Class<?> step, Map<String, ?> arguments) {
        return TaskBuilder.expanded(step, arguments, environment);
    }

    @ParameterizedTest
    @CsvSource({"buildCommand", "installCommand", "checkCommand"})
    void theWordsOfACommitMessageAreNoCommands(String parameter) throws Exception {
        Class<?> step = parameter.equals("checkCommand") ? ClaudeCodegenStep.class : MiniprogramUploadStep.class;
        String line = (String) expanded(step, Map.of(parameter, "echo \"said: $MINIBUILD_MESSAGE\""))
                .get(parameter);

        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", line).directory(folder.toFile());
        shell.environment().putAll(environment);
        Process process = shell.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(folder.resolve("pwned")).doesNotExist();
        assertThat(said).isEqualTo("said: " + environment.get("MINIBUILD_MESSAGE") + "\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void otherParametersHaveTheValuesOfVariables() {
        assertThat(expanded(MiniprogramUploadStep.class, Map.of("branch", "$BRANCH", "robot", 3)))
                .containsEntry("branch", "main")
                .containsEntry("robot", 3);
    }

    @Test
    void everyCommandOfAStepIsALineForAShell() {
        List<Method> commands = StepRegistry.fromIndex().types().stream()
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.isAnnotationPresent(DataBoundSetter.class)
                        && method.getParameterTypes()[0] == String.class
                        && method.getName().matches("set(.*C|c)ommand(s|Line)?|set.*Script"))
                .toList();
        assertThat(commands).hasSizeGreaterThanOrEqualTo(3).allSatisfy(each -> assertThat(each)
                .matches(method -> method.isAnnotationPresent(ShellLine.class), "has @ShellLine"));
    }
}
