package io.jenkins.plugins.minibuild.checkout;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.plugins.git.GitException;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jenkinsci.plugins.gitclient.Git;
import org.jenkinsci.plugins.gitclient.GitClient;
import org.jenkinsci.plugins.gitclient.SubmoduleUpdateCommand;

/**
 * Checks out submodules level by level. Git by itself would send the build's credential to every server that a submodule names, at any level; here
 * only submodules on the same server get it.
 */
final class Submodules {
    private static final int DEEPEST = 10;
    private static final int MINUTES = 60;

    private final BuildContext context;
    private final EnvVars env;
    private final String exe;
    private final int depth;

    @CheckForNull
    private final StandardCredentials credential;

    /** @param depth of their history; 0 for all of it */
    Submodules(BuildContext context, EnvVars env, String exe, int depth, @CheckForNull StandardCredentials credential) {
        this.context = context;
        this.env = GitEnvironment.ofSubmodules(env);
        this.exe = exe;
        this.depth = depth;
        this.credential = credential;
    }

    /** @param url of the repository in the folder */
    void update(FilePath folder, RepositoryUrl url) throws IOException, InterruptedException {
        update(folder, folder.child(".git"), url, url, 1);
    }

    /** @param gitFolder where the repository of the folder is */
    private void update(FilePath folder, FilePath gitFolder, RepositoryUrl url, RepositoryUrl top, int level)
            throws IOException, InterruptedException {
        if (!folder.child(".gitmodules").exists()) {
            return;
        }
        if (level > DEEPEST) {
            throw new CheckoutException(GitFailure.OTHER, Messages.Submodules_TooDeep(String.valueOf(DEEPEST)));
        }
        Map<String, String> paths = settings(folder, "path");
        Map<String, RepositoryUrl> urls = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : settings(folder, "url").entrySet()) {
            urls.put(entry.getKey(), resolve(url, entry.getKey(), entry.getValue()));
        }
        GitClient client =
                Git.with(context.listener(), env).in(folder).using(exe).getClient();
        for (RepositoryUrl each : urls.values()) {
            if (credential != null && each.sameServer(top)) {
                client.addCredentials(each.text(), credential);
            }
        }
        TreeMap<String, SubmoduleWork.Submodule> known = new TreeMap<>();
        urls.forEach((name, each) ->
                known.put(name, new SubmoduleWork.Submodule(paths.getOrDefault(name, name), each.text())));
        AgentAnswer.actOrNull(folder, new SubmoduleWork(gitFolder.getRemote(), known), Void.class);
        run(client);
        for (Map.Entry<String, RepositoryUrl> entry : urls.entrySet()) {
            String path = paths.get(entry.getKey());
            if (path != null
                    && folder.isDescendant(path)
                    && folder.child(path).child(".git").exists()) {
                FilePath inner = folder.child(path);
                Git.with(context.listener(), env)
                        .in(inner)
                        .using(exe)
                        .getClient()
                        .clean(true);
                update(inner, gitFolder.child("modules/" + entry.getKey()), entry.getValue(), top, level + 1);
                AgentAnswer.act(inner, new FinishWork(true, ""), Boolean.class);
            }
        }
    }

    private void run(GitClient client) throws InterruptedException {
        SubmoduleUpdateCommand update =
                client.submoduleUpdate().recursive(false).timeout(MINUTES);
        if (depth == 0) {
            update.execute();
            return;
        }
        try {
            update.shallow(true).depth(depth).execute();
        } catch (GitException e) {
            GitFailure failure = GitFailure.of(Mirror.text(e));
            if (failure != GitFailure.COMMIT_NOT_ADVERTISED && failure != GitFailure.UNKNOWN_COMMIT) {
                throw e;
            }
            // The commit is not the tip of a branch, and the server gives out tips only.
            client.submoduleUpdate()
                    .recursive(false)
                    .timeout(MINUTES)
                    .shallow(true)
                    .depth(Integer.MAX_VALUE)
                    .execute();
        }
    }

    /** From the submodules' names to the values of one setting. */
    private Map<String, String> settings(FilePath folder, String setting) throws IOException, InterruptedException {
        Map<String, String> values = new LinkedHashMap<>();
        String end = "." + setting;
        ProcessRun.command(
                        context.launcher(),
                        exe,
                        "config",
                        "-f",
                        ".gitmodules",
                        "--get-regexp",
                        "^submodule\\..*\\." + setting + "$")
                .in(folder)
                .env(env)
                .redactor(context.redactor())
                .what("git config")
                .onErrorLine(line -> {})
                .onLine(line -> {
                    int space = line.indexOf(end + " ");
                    if (space > "submodule.".length()) {
                        values.put(
                                line.substring("submodule.".length(), space),
                                line.substring(space + end.length() + 1).strip());
                    }
                })
                .run();
        return values;
    }

    private static RepositoryUrl resolve(RepositoryUrl base, String name, String given) throws CheckoutException {
        try {
            RepositoryUrl url = RepositoryUrl.parse(
                    given.startsWith("./") || given.startsWith("../") ? relative(base.text(), given) : given);
            if (url.transport() != RepositoryUrl.Transport.LOCAL) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw new CheckoutException(GitFailure.OTHER, Messages.Submodules_Address(name, e.getMessage()));
        }
        throw new CheckoutException(GitFailure.OTHER, Messages.Submodules_Address(name, Messages.RepositoryUrl_Form()));
    }

    /** As git resolves it: each {@code ../} takes one part off the end of the address. */
    static String relative(String base, String given) {
        String from = base.replaceAll("/+$", "");
        String rest = given;
        while (true) {
            if (rest.startsWith("../")) {
                int cut = Math.max(from.lastIndexOf('/'), from.indexOf("://") < 0 ? from.lastIndexOf(':') : -1);
                if (cut <= from.indexOf("://") + 2 && from.contains("://") || cut < 0) {
                    throw new IllegalArgumentException(Messages.RepositoryUrl_Path());
                }
                from = from.charAt(cut) == ':' ? from.substring(0, cut + 1) : from.substring(0, cut);
                rest = rest.substring(3);
            } else if (rest.startsWith("./")) {
                rest = rest.substring(2);
            } else {
                return from + (from.endsWith(":") ? "" : "/") + rest;
            }
        }
    }
}
