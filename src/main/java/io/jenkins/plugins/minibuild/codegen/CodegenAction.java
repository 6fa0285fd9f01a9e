package io.jenkins.plugins.minibuild.codegen;

import hudson.model.InvisibleAction;
import io.jenkins.plugins.minibuild.step.BuildNews;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.Locale;
import java.util.Map;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The result of {@code claudeCodegen} on the build's page and in its API. */
@ExportedBean(defaultVisibility = 2)
public final class CodegenAction extends InvisibleAction implements BuildNews {
    private final String branch;
    private final String baseBranch;
    private final String commit;
    private final boolean pushed;
    private final int files;
    private final int additions;
    private final int deletions;
    private final int turns;
    private final double cost;
    private final String summary;

    CodegenAction(CodegenResult result) {
        branch = result.branch().name();
        baseBranch = result.branch().base();
        commit = result.branch().commit();
        pushed = result.branch().pushed();
        files = result.files().size();
        additions = result.additions();
        deletions = result.deletions();
        turns = result.usage().turns();
        cost = result.usage().costUsd();
        summary = result.summary();
    }

    @Override
    public Map<Fact, String> newsFacts() {
        return Map.of(
                Fact.KIND,
                "codegen",
                Fact.BRANCH,
                branch,
                Fact.COMMIT,
                commit,
                Fact.COMMIT_MESSAGE,
                summary.lines().findFirst().orElse(""),
                Fact.DETAILS,
                Messages.CodegenAction_details(files, additions, deletions, turns, getPrice()));
    }

    /** The branch of the change. */
    @Exported
    public String getBranch() {
        return branch;
    }

    /** The branch that it began at. */
    @Exported
    public String getBaseBranch() {
        return baseBranch;
    }

    /** Its id. */
    @Exported
    public String getCommit() {
        return commit;
    }

    /** Its first ten digits. */
    public String getShortCommit() {
        return commit.substring(0, 10);
    }

    /** Whether the server has it. */
    @Exported
    public boolean isPushed() {
        return pushed;
    }

    /** How many files were changed. */
    @Exported
    public int getFiles() {
        return files;
    }

    /** Lines. */
    @Exported
    public int getAdditions() {
        return additions;
    }

    /** Lines. */
    @Exported
    public int getDeletions() {
        return deletions;
    }

    /** The number of the model's answers. */
    @Exported
    public int getTurns() {
        return turns;
    }

    /** US dollars. */
    @Exported
    public double getCost() {
        return cost;
    }

    /** US dollars, for people. */
    public String getPrice() {
        return String.format(Locale.ROOT, "$%.2f", cost);
    }

    /** The model's words. */
    @Exported
    public String getSummary() {
        return summary;
    }
}
