package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.SCMListener;
import hudson.plugins.git.GitSCM;
import hudson.scm.SCM;
import hudson.scm.SCMRevisionState;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.File;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps with a build which repository Jenkins' own checkout (the step {@code checkout}, a job's source code management) has put where. */
@Extension
public final class CheckoutListener extends SCMListener {
    private static final Logger LOGGER = Logger.getLogger(CheckoutListener.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();

    @Override
    public void onCheckout(
            Run<?, ?> build,
            SCM scm,
            FilePath workspace,
            TaskListener listener,
            @CheckForNull File changelogFile,
            @CheckForNull SCMRevisionState pollingBaseline)
            throws IOException, InterruptedException {
        Computer computer = workspace.toComputer();
        Map<String, String> environment = new HashMap<>();
        scm.buildEnvironment(build, environment);
        String credentialsId = "";
        if (scm instanceof GitSCM git && git.getUserRemoteConfigs().size() == 1) {
            credentialsId = Util.fixNull(git.getUserRemoteConfigs().get(0).getCredentialsId());
        }
        keep(
                build,
                scm.getKey(),
                computer == null ? "" : computer.getName(),
                workspace,
                new CheckoutRecipe.Scm(
                        credentialsId,
                        environment.getOrDefault("GIT_COMMIT", ""),
                        environment.getOrDefault("GIT_BRANCH", ""),
                        environment.getOrDefault("GIT_CHECKOUT_DIR", "")));
    }

    /**
     * @param key as the git plugin makes it: the word {@code git} and all addresses, as they are configured
     * @param scm what else it says
     */
    static void keep(Run<?, ?> build, String key, String agent, FilePath workspace, CheckoutRecipe.Scm scm)
            throws IOException, InterruptedException {
        String[] parts = key.split(" ");
        if (parts.length != 2 || !parts[0].equals("git")) {
            // Another kind of source, or several repositories: a step has to say which one it means.
            return;
        }
        RepositoryUrl url;
        try {
            // A user name before the host says nothing of the repository, and could be a token.
            url = RepositoryUrl.parse(parts[1].replaceFirst("^(?i)(https?://)[^/@]*@", "$1"));
        } catch (IllegalArgumentException e) {
            // An address that the steps do not take either.
            return;
        }
        Map<Fact, String> facts = new HashMap<>(CheckoutRecord.facts(agent, workspace, url, mark(workspace)));
        CheckoutRecipe.of(agent, workspace, url, scm).ifPresent(recipe -> facts.putAll(recipe.facts()));
        BuildFactsAction.add(build, facts);
        build.save();
    }

    /** Marks the checkout; empty if that fails: then a step of this plugin checks out again. */
    private static String mark(FilePath workspace) throws InterruptedException {
        String mark = CheckoutRecord.scmMark(RANDOM);
        try {
            AgentAnswer.act(workspace, new CheckoutRecord.MarkWork(mark), Boolean.class);
            return mark;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The checkout in " + workspace + " was not marked", e);
            return "";
        }
    }
}
