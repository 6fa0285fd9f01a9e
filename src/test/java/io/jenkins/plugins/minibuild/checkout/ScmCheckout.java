package io.jenkins.plugins.minibuild.checkout;

import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Path;
import java.util.Random;

/** What Jenkins' own checkout leaves: a clone, and the record of {@link CheckoutListener}. */
public final class ScmCheckout {
    private ScmCheckout() {}

    /**
     * Clones a repository into the empty workspace of a build.
     *
     * @param repository the folder that the service at the address keeps it in
     */
    public static void in(LocalBuild build, Path repository, String url) throws Exception {
        Path workspace = Path.of(build.workspace().getRemote());
        GiteeService.output(workspace, "clone", "--quiet", repository.toString(), ".");
        GiteeService.output(workspace, "remote", "set-url", "origin", url);
        String mark = CheckoutRecord.scmMark(new Random());
        CheckoutRecord.mark(workspace, mark);
        build.rememberAll(CheckoutRecord.facts(build.agent(), build.workspace(), RepositoryUrl.parse(url), mark));
        String commit = GiteeService.output(workspace, "rev-parse", "HEAD").strip();
        CheckoutRecipe.of(
                        build.agent(),
                        build.workspace(),
                        RepositoryUrl.parse(url),
                        new CheckoutRecipe.Scm("", commit, "origin/main", ""))
                .ifPresent(recipe -> recipe.facts().forEach(build::remember));
    }
}
