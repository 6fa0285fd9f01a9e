package io.jenkins.plugins.minibuild.checkout;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Descriptor;
import hudson.plugins.git.GitException;
import hudson.plugins.git.GitTool;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.forge.UncheckedRepositoryException;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.process.Retry;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.CheckoutNews;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jenkinsci.plugins.gitclient.CheckoutCommand;
import org.jenkinsci.plugins.gitclient.Git;
import org.jenkinsci.plugins.gitclient.GitClient;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * Checks a repository out into the workspace: asks the service, fetches into the agent's mirror, hands the objects to the workspace, and writes the
 * files. An instance can be used for several builds.
 */
public final class GitCheckout implements BuildTask<CommitInfo> {
    private static final int CHECKOUT_MINUTES = 60;
    /** How many commits of the history a list of changes wants; the oldest of them shows where the history ends. */
    private static final int CHANGES_DEPTH = 21;

    private static final int MOST_CHANGES = 200;
    /** Each command of a fetch has a time of its own, and other builds may fetch the same repository before. */
    private static final Duration FETCH_PATIENCE = Duration.ofHours(12);
    /** The name that Gitee, GitHub and GitLab all take together with a token. */
    private static final String TOKEN_USER = "oauth2";

    private final CheckoutRequest request;
    private final Duration retryDelay;

    GitCheckout(CheckoutRequest request, Duration retryDelay) {
        this.request = request;
        this.retryDelay = retryDelay;
    }

    /** The commit that the last build checked out of a repository. */
    static Fact recalled(RepositoryUrl url) {
        return new Fact("checkout.commit." + url.key());
    }

    /** A checkout with the defaults; see {@link CheckoutOptions} for what can be set. */
    public static CheckoutOptions of(String url) {
        return new CheckoutOptions(url);
    }

    @Override
    public CommitInfo run(BuildContext context) throws IOException, InterruptedException {
        WantedRevision wanted = WantedRevision.of(context, request.url(), request.revision());
        if (wanted.why() != null) {
            context.listener().getLogger().println(wanted.why());
        }
        return new GitCheckout(request.at(wanted.revision()), retryDelay).checkOut(context);
    }

    /** The commit that {@link #run} would check out, as far as it is known before the server is asked; empty if it is not. */
    public String commitBefore(BuildContext context) {
        return WantedRevision.of(context, request.url(), request.revision())
                .revision()
                .commit();
    }

    private CommitInfo checkOut(BuildContext context) throws IOException, InterruptedException {
        RepositoryUrl url = request.url();
        PrintStream log = context.listener().getLogger();
        if (url.transport() == RepositoryUrl.Transport.LOCAL
                && !request.transfer().local()) {
            throw new AbortException(Messages.GitCheckout_LocalRefused());
        }
        StandardCredentials credential = credential(context);
        if (request.transfer().verify() && url.isHttp()) {
            askService(context, credential);
        }
        String exe = executable(context);
        FilePath workspace = context.workspace();
        FilePath folder = request.target().directory().isEmpty()
                ? workspace
                : workspace.child(request.target().directory());
        EnvVars env = GitEnvironment.of(
                context.environment(), url, credential instanceof SSHUserPrivateKey, credential == null);
        if (request.content().lfs()) {
            requireLfs(context, exe);
        }
        FetchOutcome fetched = fetch(context, env, exe, folder, credential, false);
        try {
            writeFiles(context, env, exe, folder, fetched, credential);
        } catch (CheckoutException e) {
            if (e.failure() != GitFailure.BROKEN) {
                throw e;
            }
            // An object that git cannot read came from the mirror.
            log.println(Messages.Mirror_Rebuilt());
            fetched = fetch(context, env, exe, folder, credential, true);
            writeFiles(context, env, exe, folder, fetched, credential);
        }
        CommitInfo info = describe(context, folder, fetched);
        String mark = CheckoutRecord.stepMark(context.random());
        AgentAnswer.act(folder, new FinishWork(!request.target().directory().isEmpty(), mark), Boolean.class);
        if (!request.transfer().mirror()) {
            mirrors(context).deleteRecursive();
        }
        report(info, log);
        List<ListedCommit> changes = changes(context, folder, info);
        Map<Fact, String> place = new HashMap<>(CheckoutRecord.facts(context.agent(), folder, url, mark));
        place.putAll(CheckoutRecipe.of(context.agent(), folder, request, info).facts());
        remember(context, place, info);
        if (request.revision().event() != CheckoutRequest.EventUse.NEVER) {
            context.record()
                    .checkedOut(
                            folder,
                            new CheckoutNews(
                                    url.text(),
                                    info.branch(),
                                    info.commit(),
                                    info.author(),
                                    info.subject(),
                                    CommitPages.of(context, url),
                                    changes.isEmpty() ? "" : Json.text(changes)));
        }
        return info;
    }

    /** The commit that the job's latest build of a branch checked out. */
    private static Fact tip(RepositoryUrl url, String branch) {
        return new Fact("checkout.tip."
                + Digest.sha256Hex(url.identityKey() + "\n" + branch).substring(0, 40));
    }

    /**
     * The commits since the build before: since the last one of the same branch, else since the last one of the repository. None where this build has listed them
     * already, by another checkout of the same commit.
     */
    private List<ListedCommit> changes(BuildContext context, FilePath folder, CommitInfo info)
            throws IOException, InterruptedException {
        boolean listed =
                context.record().facts().getOrDefault(built(request.url()), "").contains(info.commit());
        String before = context.record().recall(tip(request.url(), info.branch()));
        String since = before == null ? info.previousCommit() : before;
        return listed
                        || since == null
                        || !RefName.isCommit(since)
                        || since.equals(info.commit())
                        || request.revision().event() == CheckoutRequest.EventUse.NEVER
                ? List.of()
                : LocalGit.in(context, folder).changes(since, info.commit(), MOST_CHANGES);
    }

    /** How deep a history is fetched: a job's second build wants to list what is new since the first one. */
    private CheckoutRequest.Content content(BuildContext context) {
        CheckoutRequest.Content given = request.content();
        boolean lists = given.depth() == 1
                && request.revision().event() != CheckoutRequest.EventUse.NEVER
                && context.record().recall(recalled(request.url())) != null;
        return lists ? new CheckoutRequest.Content(CHANGES_DEPTH, given.submodules(), given.lfs()) : given;
    }

    private void remember(BuildContext context, Map<Fact, String> place, CommitInfo info) throws IOException {
        Map<Fact, String> facts = new HashMap<>(Map.of(
                recalled(request.url()),
                info.commit(),
                Fact.COMMIT,
                info.commit(),
                Fact.BRANCH,
                info.branch(),
                Fact.AUTHOR,
                info.author(),
                Fact.AUTHOR_EMAIL,
                info.email(),
                Fact.COMMIT_MESSAGE,
                info.subject()));
        facts.putAll(place);
        String before = context.record().facts().getOrDefault(built(request.url()), "");
        facts.put(tip(request.url(), info.branch()), info.commit());
        facts.put(
                built(request.url()), before.endsWith(info.commit()) ? before : (before + " " + info.commit()).strip());
        String asked = request.revision().commit();
        if (!asked.isEmpty() && !asked.equals(info.commit())) {
            facts.put(peeled(asked), info.commit());
        }
        context.record().rememberAll(facts);
    }

    /** The commits of a repository, by whatever name of it, that a build has checked out: separated by spaces, the last one last. */
    public static Fact built(RepositoryUrl url) {
        return new Fact("checkout.built." + url.identityKey());
    }

    /** The commit that an annotated tag, which a build was asked for by its id, turned out to be of. */
    public static Fact peeled(String tag) {
        return new Fact("checkout.peeled." + tag);
    }

    @CheckForNull
    StandardCredentials credential(BuildContext context) throws AbortException {
        if (request.credentialsId().isEmpty()) {
            return null;
        }
        refusePlainHttp(Forges.of(context), request.url());
        String kinds = Messages.GitCheckout_CredentialKinds();
        StandardCredentials found = context.credentials()
                .require(request.credentialsId(), request.url().text(), kinds);
        return usable(found, context.redactor());
    }

    /** A credential crosses the network unencrypted only to a server for which an administrator has allowed that. */
    private static void refusePlainHttp(Forges forges, RepositoryUrl url) throws AbortException {
        if (url.transport() == RepositoryUrl.Transport.HTTP
                && ForgeAccess.find(forges, url).isEmpty()) {
            throw new AbortException(Messages.GitCheckout_PlainHttp(url.server()));
        }
    }

    /** The credential as git takes it; its secrets are masked from now on. */
    StandardCredentials usable(StandardCredentials given, Redactor redactor) throws AbortException {
        String kinds = Messages.GitCheckout_CredentialKinds();
        StandardCredentials found = given;
        boolean ssh = request.url().transport() == RepositoryUrl.Transport.SSH;
        if (found instanceof StringCredentials token) {
            String secret = token.getSecret().getPlainText();
            redactor.add(secret);
            found = userAndPassword(token, secret);
        } else if (found instanceof StandardUsernamePasswordCredentials password) {
            redactor.add(password.getPassword().getPlainText());
        } else if (found instanceof SSHUserPrivateKey key) {
            Secret passphrase = key.getPassphrase();
            if (passphrase != null) {
                redactor.add(passphrase.getPlainText());
            }
        } else {
            throw new AbortException(Messages.GitCheckout_CredentialKind(request.credentialsId(), kinds));
        }
        if (ssh && !(found instanceof SSHUserPrivateKey)) {
            throw new AbortException(Messages.GitCheckout_NeedsKey(request.credentialsId()));
        }
        if (request.url().isHttp() && found instanceof SSHUserPrivateKey) {
            throw new AbortException(Messages.GitCheckout_NeedsToken(request.credentialsId()));
        }
        return found;
    }

    private static StandardCredentials userAndPassword(StringCredentials token, String secret) throws AbortException {
        if (secret.isBlank() || secret.chars().anyMatch(c -> c < ' ')) {
            throw new AbortException(Messages.GitCheckout_TokenUnusable(token.getId()));
        }
        try {
            return new UsernamePasswordCredentialsImpl(
                    CredentialsScope.GLOBAL, token.getId(), token.getDescription(), TOKEN_USER, secret);
        } catch (Descriptor.FormException e) {
            throw new AbortException(e.getMessage());
        }
    }

    private void askService(BuildContext context, @CheckForNull StandardCredentials credential)
            throws IOException, InterruptedException {
        RepositoryUrl url = request.url();
        Optional<Forge> forge = ForgeAccess.find(Forges.of(context), url);
        if (forge.isEmpty() || url.owner().isEmpty()) {
            return;
        }
        Secret token = null;
        if (credential instanceof StandardUsernamePasswordCredentials password) {
            if (!TOKEN_USER.equals(password.getUsername())) {
                // An API takes no password. If the password is wrong, git says so.
                return;
            }
            token = password.getPassword();
        }
        try {
            forge.get().lookUp(url.owner(), url.name(), token);
        } catch (UncheckedRepositoryException e) {
            context.listener().getLogger().println(Messages.GitCheckout_Warning(e.getMessage()));
        }
    }

    static String executable(BuildContext context) throws IOException, InterruptedException {
        FilePath tool = context.tools().home(GitTool.class, null);
        String exe = tool == null ? "git" : tool.getRemote();
        // The tools of these names are JGit, which cannot do all that is needed here.
        return exe.isEmpty() || exe.equals("jgit") || exe.equals("jgitapache") ? "git" : exe;
    }

    private void requireLfs(BuildContext context, String exe) throws IOException, InterruptedException {
        try {
            if (ProcessRun.command(context.launcher(), exe, "lfs", "version")
                    .deadline(Deadline.after(Duration.ofMinutes(1)))
                    .run()
                    .succeeded()) {
                return;
            }
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.GitCheckout_NoGit(exe));
        }
        throw new AbortException(Messages.GitCheckout_NoLfs());
    }

    /** The folder of the mirrors; without a mirror, a temporary folder takes the objects. */
    private FilePath mirrors(BuildContext context) {
        return (request.transfer().mirror() ? context.agentRoot() : context.temp()).child("mini-build/mirrors");
    }

    private FetchOutcome fetch(
            BuildContext context,
            EnvVars env,
            String exe,
            FilePath folder,
            @CheckForNull StandardCredentials credential,
            boolean rebuild)
            throws IOException, InterruptedException {
        RepositoryUrl url = request.url();
        FilePath home = mirrors(context).child(url.key() + ".git");
        return Retry.times(request.transfer().retries() + 1, context.random())
                .delays(retryDelay, Duration.ofSeconds(30))
                .when(failure ->
                        failure instanceof CheckoutException e && e.failure().retryable())
                .onRetry((failure, attempt, attempts, delay) -> context.listener()
                        .getLogger()
                        .println(Messages.GitCheckout_Retry(
                                failure.getMessage(),
                                String.format(Locale.ROOT, "%.1f", delay.toMillis() / 1000.0),
                                String.valueOf(attempt + 1),
                                String.valueOf(attempts))))
                .call(attempt -> {
                    GitClient client = Git.with(context.listener(), env)
                            .in(home)
                            .using(exe)
                            .getClient();
                    if (credential != null) {
                        client.addDefaultCredentials(credential);
                    }
                    GitClient stage = Git.with(context.listener(), env)
                            .in(new FilePath(folder.getChannel(), TargetFolder.stage(folder.getRemote())))
                            .using(exe)
                            .getClient();
                    FetchWork work = new FetchWork(
                            new FetchWork.Tools(client, stage, exe, context.listener()),
                            request.with(content(context)),
                            context.workspace().getRemote(),
                            folder.getRemote(),
                            attempt > 1,
                            rebuild && attempt == 1);
                    try {
                        return checked(AgentAnswer.act(home, work, FetchOutcome.class, FETCH_PATIENCE));
                    } catch (FileSystemException e) {
                        throw new CheckoutException(GitFailure.OTHER, onDisk(e));
                    }
                });
    }

    private static String onDisk(FileSystemException e) {
        String text = String.valueOf(e.getMessage());
        return GitFailure.of(text) == GitFailure.DISK_FULL
                ? Messages.GitFailure_DiskFull()
                : Messages.GitCheckout_Files(text);
    }

    private FetchOutcome checked(FetchOutcome outcome) throws CheckoutException {
        if (outcome.problem() != null) {
            throw new CheckoutException(GitFailure.OTHER, problem(outcome));
        }
        if (outcome.failure() != null) {
            throw failure(outcome.failure(), outcome.output(), outcome.names());
        }
        if (!RefName.isCommit(outcome.commit()) || !outcome.branch().isEmpty() && !RefName.isValid(outcome.branch())) {
            throw new CheckoutException(GitFailure.OTHER, Messages.GitCheckout_AgentNonsense());
        }
        return outcome;
    }

    private String problem(FetchOutcome outcome) {
        String folder = request.target().directory().isEmpty()
                ? Messages.GitCheckout_Workspace()
                : request.target().directory();
        return switch (outcome.problem()) {
            case OTHER_REPOSITORY -> Messages.GitCheckout_OtherRepository(folder);
            case NOT_EMPTY -> Messages.GitCheckout_NotEmpty(folder);
            case OUTSIDE -> Messages.GitCheckout_Outside(folder);
            case NOT_A_FOLDER -> Messages.GitCheckout_NotAFolder(folder);
            case EMPTY_REPOSITORY ->
                Messages.GitCheckout_EmptyRepository(request.url().text());
            case NO_DEFAULT_BRANCH ->
                Messages.GitCheckout_NoDefaultBranch(request.url().text(), String.join(", ", outcome.names()));
            case MIRROR_BUSY -> Messages.GitCheckout_MirrorBusy(outcome.output());
        };
    }

    CheckoutException failure(GitFailure failure, String output, List<String> names) {
        String url = request.url().text();
        String host = request.url().host();
        String said = GitFailure.essence(output);
        boolean anonymous = request.credentialsId().isEmpty();
        String message =
                switch (failure) {
                    case NO_GIT -> Messages.GitCheckout_NoGit("git");
                    case DISK_FULL -> Messages.GitFailure_DiskFull();
                    case CERTIFICATE -> Messages.GitFailure_Certificate(host, said);
                    case HOST_KEY -> Messages.GitFailure_HostKey(host);
                    case REDIRECTED -> Messages.GitFailure_Redirected(url);
                    case LOGIN ->
                        anonymous
                                ? Messages.GitFailure_LoginNeeded(url)
                                : Messages.GitFailure_LoginRefused(host, request.credentialsId());
                    case FORBIDDEN ->
                        anonymous
                                ? Messages.GitFailure_LoginNeeded(url)
                                : Messages.GitFailure_Forbidden(url, request.credentialsId());
                    case UNKNOWN_REPOSITORY -> Messages.GitFailure_UnknownRepository(url);
                    case UNKNOWN_REF ->
                        names.isEmpty()
                                ? Messages.GitFailure_UnknownRef(output, url)
                                : Messages.GitFailure_UnknownRefNear(output, url, String.join(", ", names));
                    case NOT_A_COMMIT ->
                        Messages.GitFailure_NotACommit(request.revision().commit(), url, output);
                    case UNKNOWN_COMMIT, COMMIT_NOT_ADVERTISED ->
                        Messages.GitFailure_UnknownCommit(request.revision().commit(), url);
                    case KILLED -> Messages.GitFailure_Killed();
                    case TRANSFER -> Messages.GitFailure_Transfer(url, said);
                    case BROKEN, OTHER -> Messages.GitFailure_Other(url, said);
                };
        return new CheckoutException(failure, message);
    }

    private void writeFiles(
            BuildContext context,
            EnvVars env,
            String exe,
            FilePath folder,
            FetchOutcome fetched,
            @CheckForNull StandardCredentials credential)
            throws IOException, InterruptedException {
        try {
            GitClient client =
                    Git.with(context.listener(), env).in(folder).using(exe).getClient();
            CheckoutCommand checkout = client.checkout().ref(fetched.commit()).timeout(CHECKOUT_MINUTES);
            if (request.content().lfs()) {
                if (credential != null) {
                    checkout.lfsCredentials(credential);
                }
                checkout.lfsRemote("origin");
            }
            checkout.execute();
            if (!fetched.fresh()) {
                clean(context, env, exe, folder);
            }
            if (request.content().submodules()) {
                new Submodules(context, env, exe, request.content().depth(), credential).update(folder, request.url());
            }
        } catch (GitException e) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(e);
            }
            throw failure(GitFailure.of(Mirror.text(e)), Mirror.text(e), List.of());
        }
    }

    /** Runs {@code git clean} itself: git-client's {@code clean} resets first, which looks at every file once more. */
    private static void clean(BuildContext context, EnvVars env, String exe, FilePath folder)
            throws IOException, InterruptedException {
        ProcessRun.command(context.launcher(), exe, "clean", "-ffdx", "--quiet")
                .in(folder)
                .env(env)
                .redactor(context.redactor())
                .what("git clean")
                .deadline(Deadline.after(Duration.ofMinutes(CHECKOUT_MINUTES)))
                .runOrFail();
    }

    private CommitInfo describe(BuildContext context, FilePath folder, FetchOutcome fetched)
            throws IOException, InterruptedException {
        Commit commit = LocalGit.in(context, folder)
                .commit(fetched.commit())
                .filter(found -> found.id().equals(fetched.commit()))
                .orElseThrow(() -> new AbortException(Messages.GitCheckout_AgentNonsense()));
        String previous = context.record().recall(recalled(request.url()));
        return new CommitInfo(
                request.url().text(),
                fetched.branch(),
                commit,
                previous != null && RefName.isCommit(previous) ? previous : null);
    }

    private static void report(CommitInfo info, PrintStream log) {
        log.println(
                Messages.GitCheckout_Done(info.url(), info.branch().isEmpty() ? "-" : info.branch(), info.commit()));
        log.println(Messages.GitCheckout_Commit(
                info.author(), info.email(), info.time().toString(), info.subject()));
        log.println(
                info.previousCommit() == null
                        ? Messages.GitCheckout_NoPrevious()
                        : info.previousCommit().equals(info.commit())
                                ? Messages.GitCheckout_SamePrevious()
                                : Messages.GitCheckout_Previous(info.previousCommit()));
    }
}
