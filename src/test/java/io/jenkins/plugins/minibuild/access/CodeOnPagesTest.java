package io.jenkins.plugins.minibuild.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every action of the plugin is either asked, by {@link Visit}, whether it tells code to who may only read the job, or has none to tell. */
class CodeOnPagesTest {
    /** Actions that show code, and the test that visits them. */
    private static final Map<String, String> VISITED = Map.of(
            "approval.HumanReviewAction", "approval/HumanReviewCodeTest",
            "claude.ClaudeRunsAction", "claude/ClaudeRunsCodeTest",
            "review.ReviewAction", "review/ReviewCodeTest",
            "analysis.RepositoryProfileAction", "analysis/RepositoryProfileCodeTest",
            "miniprogram.MiniprogramAction", "miniprogram/MiniprogramActionTest",
            "workflow.WorkflowRunsAction", "workflow/WorkflowRunsCodeTest");

    /** Actions that have no code to show, and what they have. */
    private static final Map<String, String> WITHOUT = Map.ofEntries(
            Map.entry("step.BuildProgressAction", "names and times of phases"),
            Map.entry("step.StepErrorsAction", "errors, as the log has them for the same readers"),
            Map.entry("checkout.CheckoutAction", "branch, commit and author, as Jenkins' list of changes has them"),
            Map.entry("miniprogram.OpenUploadAction", "versions"),
            Map.entry(
                    "step.BuildFactsAction",
                    "branch, commit, author and message, as Jenkins' list of changes has them"),
            Map.entry("codegen.CodegenAction", "branch, counts, and the summary that is the commit's message"),
            Map.entry("codegen.CodegenRescueAction", "where code was kept"),
            Map.entry("merge.MergeRequestAction", "titles and addresses of merge requests"),
            Map.entry("miniprogram.MiniprogramJobAction", "sizes; its picture is served by MiniprogramAction"),
            Map.entry("review.ReviewJobAction", "scores"),
            Map.entry("limits.LimitsRunAction", "measurements"),
            Map.entry("limits.LimitsPageAction", "slots and agents"),
            Map.entry("limits.SlotTicketAction", "a ticket"),
            Map.entry("limits.retry.RetriesAction", "a number"),
            Map.entry("limits.retry.RetryItemAction", "nothing"),
            Map.entry("step.RetryFailedJobsAction", "nothing"),
            Map.entry("limits.retry.RetryAction", "a button"),
            Map.entry("limits.retry.RetriedScriptAction", "gives the script to the build; shows nothing"),
            Map.entry("notify.NotifyCountAction", "what was sent"),
            Map.entry("notify.NotifyFailureAction", "why messages were not sent"),
            Map.entry("notify.NotifyPageAction", "deliveries of messages, for administrators"),
            Map.entry("notify.NotifyPictureAction", "pictures, by an address nobody can guess"),
            Map.entry("workflow.WorkflowJobAction", "durations"),
            Map.entry("workflow.WorkflowCheckAction", "nothing but what the reader sends"),
            Map.entry("webhook.WebhookAction", "deliveries, for who may configure the job"),
            Map.entry("webhook.WebhookPageAction", "deliveries, for administrators"),
            Map.entry("webhook.WebhookCauseAction", "why the build was started"),
            Map.entry("webhook.WebhookStartAction", "what started the build"),
            Map.entry("webhook.WebhookEndpoint", "answers to calls"));

    @Test
    void everyActionIsVisitedOrHasNothingToHide() {
        Set<String> actions = new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.jenkins.plugins.minibuild")
                        .stream()
                        .filter(each -> each.isAssignableTo("hudson.model.Action"))
                        .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getName)
                        .map(name -> name.substring("io.jenkins.plugins.minibuild.".length()))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(actions)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(VISITED.keySet().stream(), WITHOUT.keySet().stream())
                        .toList());
    }

    @Test
    void theTestsThatVisitThemAreThere() throws IOException {
        for (Map.Entry<String, String> each : VISITED.entrySet()) {
            assertThat(Files.readString(
                            Path.of("src/test/java/io/jenkins/plugins/minibuild", each.getValue() + ".java")))
                    .contains("Visit.whoTells(")
                    .contains(each.getKey().replaceFirst(".*\\.", ""));
        }
    }
}
