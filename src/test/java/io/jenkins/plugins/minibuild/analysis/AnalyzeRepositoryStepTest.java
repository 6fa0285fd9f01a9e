package io.jenkins.plugins.minibuild.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.claude.ClaudeFolderBudgetConfiguration;
import io.jenkins.plugins.minibuild.pipeline.StepRegistry;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AnalyzeRepositoryStepTest {
    private static final Path RESOURCES = Path.of("src/main/resources/io/jenkins/plugins/minibuild");

    private final AnalyzeRepositoryStep.DescriptorImpl descriptor = new AnalyzeRepositoryStep.DescriptorImpl();

    @Test
    void aFreshStepHasTheDocumentedDefaults() {
        AnalyzeRepositoryStep step =
                (AnalyzeRepositoryStep) StepRegistry.fromIndex().step("analyzeRepository", Map.of());

        assertThat(step.getMaxTurns()).isEqualTo(40);
        assertThat(step.getTimeoutMinutes()).isEqualTo(10);
        assertThat(step.getMaxBudgetUsd()).isEqualTo(2);
        assertThat(step.getMaxOutputMb()).isEqualTo(50);
        assertThat(step.getRetries()).isEqualTo(1);
        assertThat(step.isCache()).isTrue();
        assertThat(step.isTrustRepository()).isFalse();
        assertThat(step.slotPool()).isEqualTo("claude");
        assertThat(step.getDirectory()).isNull();
    }

    @Test
    void settersRefuseBadValuesAndTakeVariables() {
        AnalyzeRepositoryStep step = new AnalyzeRepositoryStep();

        assertThatThrownBy(() -> step.setDirectory("a/../..")).hasMessageContaining("inside the workspace");
        assertThatThrownBy(() -> step.setModel("--settings x")).hasMessageContaining("model");
        assertThatThrownBy(() -> step.setBaseUrl("http://gateway.example.org")).hasMessageContaining("https://");
        assertThatThrownBy(() -> step.setBaseUrl("https://me:pw@gateway.example.org"))
                .hasMessageContaining("https://");
        assertThatThrownBy(() -> step.setMaxTurns(0)).hasMessageContaining("turn");
        assertThatThrownBy(() -> step.setTimeoutMinutes(-1)).hasMessageContaining("minute");
        assertThatThrownBy(() -> step.setMaxBudgetUsd(0)).hasMessageContaining("more than 0");
        assertThatThrownBy(() -> step.setMaxBudgetUsd(Double.NaN)).hasMessageContaining("more than 0");
        assertThatThrownBy(() -> step.setMaxOutputMb(0)).hasMessageContaining("1 MB");
        assertThatThrownBy(() -> step.setRetries(11)).hasMessageContaining("10");
        step.setModel("${MODEL}");
        assertThat(step.getModel()).isEqualTo("${MODEL}");
        step.setModel("claude-sonnet-4-5[1m]");
        step.setBaseUrl("https://gateway.example.org/claude");
        assertThat(step.getBaseUrl()).isEqualTo("https://gateway.example.org/claude");
    }

    @Test
    void checksAnswerThoseWhoMayConfigureOnly() {
        Item mine = item(true);
        Item other = item(false);

        assertThat(descriptor.doCheckDirectory(mine, "..").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckBaseUrl(mine, "ftp://x").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckModel(mine, "a b").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckMaxTurns(mine, "x").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckTimeoutMinutes(mine, "10").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckMaxBudgetUsd(mine, "0.5").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckMaxBudgetUsd(mine, "much").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckMaxOutputMb(mine, "0").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckRetries(mine, "11").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckApiKeyCredentialsId(mine, "nobody").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckApiKeyCredentialsId(mine, "").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckDirectory(other, "..").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckApiKeyCredentialsId(other, "nobody").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doFillApiKeyCredentialsIdItems(other, "current"))
                .extracting(option -> option.value)
                .containsExactly("current");
    }

    @Test
    void everyFieldHasHelpInBothLanguages() throws Exception {
        try (Stream<Path> all = Files.walk(RESOURCES)) {
            List<Path> forms = all.filter(file -> file.toString().matches(".*/(claude|analysis|review|codegen)/.*"))
                    .filter(file -> file.getFileName().toString().matches("(config|more)\\.jelly"))
                    .toList();
            assertThat(forms).hasSizeGreaterThan(4);
            for (Path form : forms) {
                Matcher fields =
                        Pattern.compile("<f:entry[^>]* field=\"(\\w+)\"").matcher(Files.readString(form));
                while (fields.find()) {
                    assertThat(form.resolveSibling("help-" + fields.group(1) + ".html"))
                            .exists();
                    assertThat(form.resolveSibling("help-" + fields.group(1) + "_zh_CN.html"))
                            .exists();
                }
            }
        }
    }

    @Test
    void aFoldersBudgetIsForTheJobsInIt() {
        ClaudeFolderBudgetConfiguration budget = new ClaudeFolderBudgetConfiguration(" /team/shop/ ", 1.5);

        assertThat(budget.getFolder()).isEqualTo("team/shop");
        assertThat(budget.covers("team/shop/build")).isTrue();
        assertThat(budget.covers("team/shop/deep/build")).isTrue();
        assertThat(budget.covers("team/shopping/build")).isFalse();
        assertThat(budget.covers("team/shop")).isFalse();
        assertThatThrownBy(() -> new ClaudeFolderBudgetConfiguration("/", 1)).hasMessageContaining("full name");
        assertThatThrownBy(() -> new ClaudeFolderBudgetConfiguration("a", 0)).hasMessageContaining("more than 0");
    }

    private static Item item(boolean allowed) {
        ACL acl = ACL.lambda2((who, what) -> allowed);
        return (Item) Proxy.newProxyInstance(
                Item.class.getClassLoader(),
                new Class<?>[] {Item.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getACL" -> acl;
                    case "hasPermission" -> allowed;
                    default -> null;
                });
    }
}
