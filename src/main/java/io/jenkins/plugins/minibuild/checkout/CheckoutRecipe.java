package io.jenkins.plugins.minibuild.checkout;

import com.fasterxml.jackson.core.JsonProcessingException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a checkout of a build can be repeated elsewhere, with the same commit. The build keeps it; it has the id of a credential and no secret. Immutable.
 *
 * @param place where the checkout is
 * @param url of the repository
 * @param credentialsId empty for none
 * @param revision what is checked out
 * @param content how much of it
 * @param verify whether the service's API is asked first
 * @param byStep whether a step of this plugin has done it; false for Jenkins' own checkout, which may have merged branches into a commit that no server has
 */
public record CheckoutRecipe(
        Place place,
        String url,
        String credentialsId,
        Revision revision,
        Content content,
        boolean verify,
        boolean byStep) {
    private static final String KEY = "checkout.recipe.";

    /**
     * A folder of an agent.
     *
     * @param agent empty for the controller's own node
     * @param folder with slashes, without one at its end
     */
    public record Place(String agent, String folder) {}

    /**
     * A commit.
     *
     * @param ref by which it can be fetched; may be empty
     * @param commit 40 hexadecimal digits
     */
    public record Revision(String ref, String commit) {}

    /**
     * How much of a repository.
     *
     * @param depth of the history, 0 for all of it
     * @param mirror whether builds on an agent share what they fetched
     */
    public record Content(int depth, boolean submodules, boolean lfs, boolean mirror) {}

    /**
     * What Jenkins' own checkout says about itself.
     *
     * @param commit may be empty
     * @param branch with the name of the remote before it; may be empty
     * @param directory below the workspace; may be empty
     */
    record Scm(String credentialsId, String commit, String branch, String directory) {}

    /** That of a checkout by a step. */
    static CheckoutRecipe of(String agent, FilePath folder, CheckoutRequest request, CommitInfo info) {
        String asked = request.revision().ref();
        return new CheckoutRecipe(
                new Place(agent, normalised(folder)),
                request.url().text(),
                request.credentialsId(),
                new Revision(asked.isEmpty() ? info.branch() : asked, info.commit()),
                new Content(
                        request.content().depth(),
                        request.content().submodules(),
                        request.content().lfs(),
                        request.transfer().mirror()),
                request.transfer().verify(),
                true);
    }

    /** That of Jenkins' own checkout; empty if it does not say which commit it was. */
    static Optional<CheckoutRecipe> of(String agent, FilePath workspace, RepositoryUrl url, Scm scm) {
        String directory;
        try {
            directory = CheckoutOptions.checkedDirectory(scm.directory());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (!RefName.isCommit(scm.commit())) {
            return Optional.empty();
        }
        String branch = scm.branch().replaceFirst("^(refs/remotes/)?origin/", "");
        // Jenkins gives the name "detached" to a commit that is of no branch.
        boolean named = RefName.isValid(branch) && !branch.equals("detached");
        return Optional.of(new CheckoutRecipe(
                new Place(agent, normalised(workspace) + (directory.isEmpty() ? "" : "/" + directory)),
                url.text(),
                scm.credentialsId(),
                new Revision(named ? branch : "", scm.commit()),
                // How deep Jenkins' checkout is cannot be asked for in all its forms; steps may need the whole history.
                new Content(0, false, false, true),
                false,
                false));
    }

    private static String normalised(FilePath folder) {
        return folder.getRemote().replace('\\', '/').replaceAll("/+$", "");
    }

    /** The facts of a build that keep it. */
    Map<Fact, String> facts() {
        return Map.of(
                new Fact(KEY
                        + Digest.sha256Hex(place.agent() + "\n" + place.folder())
                                .substring(0, 40)),
                Json.text(this));
    }

    /** Everything that a build has checked out into its workspace and below it: the outer ones first. */
    public static List<CheckoutRecipe> of(BuildContext context) {
        String workspace = normalised(context.workspace());
        List<CheckoutRecipe> all = new ArrayList<>();
        for (Map.Entry<Fact, String> each : context.record().facts().entrySet()) {
            if (each.getKey().key().startsWith(KEY)) {
                try {
                    CheckoutRecipe recipe = Json.MAPPER.readValue(each.getValue(), CheckoutRecipe.class);
                    String folder = recipe.place().folder();
                    if (recipe.place().agent().equals(context.agent())
                            && (folder.equals(workspace) || folder.startsWith(workspace + "/"))) {
                        all.add(recipe);
                    }
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException("The build's record of its checkouts cannot be read", e);
                }
            }
        }
        all.sort(Comparator.comparing(recipe -> recipe.place().folder()));
        return all;
    }

    /**
     * Where the checkout is.
     *
     * @param context of the build that has done it
     * @return a folder below the build's workspace, with slashes; empty for the workspace itself
     */
    public String directory(BuildContext context) {
        String workspace = normalised(context.workspace());
        return place.folder().equals(workspace) ? "" : place.folder().substring(workspace.length() + 1);
    }

    /**
     * The same checkout for another workspace, which is emptied where it holds something else. No news are sent of it, and no changes listed.
     *
     * @param directory below the workspace; empty for itself
     * @param local whether the repository may be a folder of the agent
     */
    public GitCheckout checkout(String directory, boolean local) {
        return GitCheckout.of(url)
                .branch(revision.ref())
                .newest()
                .commit(revision.commit())
                .credentialsId(credentialsId)
                .directory(directory)
                .depth(content.depth())
                .submodules(content.submodules())
                .lfs(content.lfs())
                .mirror(content.mirror())
                .verify(verify)
                .force(true)
                .local(local)
                .build();
    }
}
