package org.jenkinsci.plugins.gitclient;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.EnvVars;
import hudson.model.TaskListener;
import hudson.plugins.git.GitException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.URIish;

/**
 * Git by its command, as the real plugin's command line client does it: credentials reach git through an askpass script or an SSH wrapper in the
 * temporary folder beside the workspace, never through an argument.
 */
final class CommandGitClient implements GitClient {
    private static final int TIMEOUT_MINUTES = 10;
    private static final Pattern SYMBOLIC_REFERENCE = Pattern.compile("^ref:\\s+([^ ]+)\\s+([^ ]+)$");

    private final String exe;
    private final File workspace;
    private final TaskListener listener;
    private final EnvVars environment;
    private final Map<String, StandardCredentials> credentials = new HashMap<>();
    private StandardCredentials defaultCredentials;

    CommandGitClient(String exe, File workspace, TaskListener listener, EnvVars environment) {
        this.exe = exe;
        this.workspace = workspace;
        this.listener = listener;
        this.environment = environment;
    }

    @Override
    public void addCredentials(String url, StandardCredentials added) {
        credentials.put(url, added);
    }

    @Override
    public void addDefaultCredentials(StandardCredentials added) {
        defaultCredentials = added;
    }

    private StandardCredentials credentialsFor(String url) {
        return credentials.getOrDefault(url, defaultCredentials);
    }

    @Override
    public boolean isCommitInRepo(ObjectId commit) throws InterruptedException {
        try {
            return !run(List.of("rev-list", "--no-walk", commit.name())).isBlank();
        } catch (GitException e) {
            return false;
        }
    }

    @Override
    public ObjectId revParse(String revName) throws InterruptedException {
        return ObjectId.fromString(
                run(List.of("rev-parse", revName + "^{commit}")).trim());
    }

    @Override
    public void clean(boolean cleanSubmodule) throws InterruptedException {
        run(List.of("rev-parse", "--verify", "HEAD"));
        listener.getLogger().println("Resetting working tree");
        run(List.of("reset", "--hard"));
        run(List.of("clean", cleanSubmodule ? "-ffdx" : "-fdx"));
    }

    @Override
    public Map<String, ObjectId> getRemoteReferences(String url, String pattern, boolean headsOnly, boolean tagsOnly)
            throws InterruptedException {
        List<String> args = new ArrayList<>(List.of("ls-remote"));
        if (headsOnly) {
            args.add("-h");
        }
        if (tagsOnly) {
            args.add("-t");
        }
        args.addAll(List.of("--", url));
        if (pattern != null) {
            args.add(pattern);
        }
        Map<String, ObjectId> references = new HashMap<>();
        for (String line : run(args, null, url, TIMEOUT_MINUTES).split("\n")) {
            if (line.length() < 41) {
                continue;
            }
            String name = line.substring(41);
            ObjectId id = ObjectId.fromString(line.substring(0, 40));
            if (name.startsWith("refs/tags") && name.endsWith("^{}")) {
                references.put(name.replace("^{}", ""), id);
            } else {
                references.putIfAbsent(name, id);
            }
        }
        return references;
    }

    @Override
    public Map<String, String> getRemoteSymbolicReferences(String url, String pattern) throws InterruptedException {
        List<String> args = new ArrayList<>(List.of("ls-remote", "--symref", "--", url));
        if (pattern != null) {
            args.add(pattern);
        }
        Map<String, String> references = new HashMap<>();
        for (String line : run(args, null, url, TIMEOUT_MINUTES).split("\n")) {
            Matcher matcher = SYMBOLIC_REFERENCE.matcher(line);
            if (matcher.matches()) {
                references.put(matcher.group(2), matcher.group(1));
            }
        }
        return references;
    }

    @Override
    public InitCommand init_() {
        return new Init();
    }

    @Override
    public FetchCommand fetch_() {
        return new Fetch();
    }

    @Override
    public PushCommand push() {
        return new Push();
    }

    @Override
    public CheckoutCommand checkout() {
        return new Checkout();
    }

    @Override
    public SubmoduleUpdateCommand submoduleUpdate() {
        return new SubmoduleUpdate();
    }

    private final class Init implements InitCommand {
        private String folder;
        private boolean bare;

        @Override
        public InitCommand workspace(String value) {
            folder = value;
            return this;
        }

        @Override
        public InitCommand bare(boolean value) {
            bare = value;
            return this;
        }

        @Override
        public void execute() throws InterruptedException {
            if (!new File(folder).isDirectory() && !new File(folder).mkdirs()) {
                throw new GitException("Could not create directory '" + folder + "'");
            }
            List<String> args = new ArrayList<>(List.of("init", folder));
            if (bare) {
                args.add("--bare");
            }
            try {
                run(args);
            } catch (GitException e) {
                throw new GitException("Could not init " + folder, e);
            }
        }
    }

    private final class Fetch implements FetchCommand {
        private URIish url;
        private List<RefSpec> refspecs = List.of();
        private boolean prune;
        private boolean shallow;
        private boolean tags = true;
        private Integer depth = 1;
        private Integer timeout;

        @Override
        public FetchCommand from(URIish remote, List<RefSpec> specs) {
            url = remote;
            refspecs = specs;
            return this;
        }

        @Override
        public FetchCommand prune(boolean value) {
            prune = value;
            return this;
        }

        @Override
        public FetchCommand shallow(boolean value) {
            shallow = value;
            return this;
        }

        @Override
        public FetchCommand timeout(Integer value) {
            timeout = value;
            return this;
        }

        @Override
        public FetchCommand tags(boolean value) {
            tags = value;
            return this;
        }

        @Override
        public FetchCommand depth(Integer value) {
            depth = value;
            return this;
        }

        @Override
        public void execute() throws InterruptedException {
            listener.getLogger().println("Fetching upstream changes from " + url);
            List<String> args =
                    new ArrayList<>(List.of("fetch", tags ? "--tags" : "--no-tags", "--force", "--progress"));
            if (prune) {
                args.add("--prune");
            }
            if (shallow) {
                args.add("--depth=" + (depth == null ? 1 : depth));
            }
            args.add("--");
            args.add(url.toPrivateASCIIString());
            refspecs.forEach(spec -> args.add(spec.toString()));
            run(args, workspace, url.toPrivateString(), timeout);
        }
    }

    private final class Push implements PushCommand {
        private URIish url;
        private String refspec;
        private Integer timeout;

        @Override
        public PushCommand to(URIish remote) {
            url = remote;
            return this;
        }

        @Override
        public PushCommand ref(String value) {
            refspec = value;
            return this;
        }

        @Override
        public PushCommand timeout(Integer value) {
            timeout = value;
            return this;
        }

        @Override
        public void execute() throws InterruptedException {
            List<String> args = new ArrayList<>(List.of("push", url.toPrivateASCIIString()));
            if (refspec != null) {
                args.add(refspec);
            }
            run(args, workspace, url.toPrivateString(), timeout);
        }
    }

    private final class Checkout implements CheckoutCommand {
        private String ref;
        private Integer timeout;
        private String lfsRemote;
        private StandardCredentials lfsCredentials;

        @Override
        public CheckoutCommand ref(String value) {
            ref = value;
            return this;
        }

        @Override
        public CheckoutCommand timeout(Integer value) {
            timeout = value;
            return this;
        }

        @Override
        public CheckoutCommand lfsRemote(String value) {
            lfsRemote = value;
            return this;
        }

        @Override
        public CheckoutCommand lfsCredentials(StandardCredentials value) {
            lfsCredentials = value;
            return this;
        }

        @Override
        public void execute() throws InterruptedException {
            try {
                run(List.of("config", "core.sparsecheckout"));
            } catch (GitException ignored) {
                // Unset, as it should be; the real client asks too.
            }
            EnvVars env = new EnvVars(environment);
            if (lfsRemote != null) {
                env.put("GIT_LFS_SKIP_SMUDGE", "1");
            }
            try {
                launch(List.of("checkout", "-f", ref), workspace, env, timeout);
                if (lfsRemote != null) {
                    String url = run(List.of("config", "--get", "remote." + lfsRemote + ".url"))
                            .trim();
                    withCredentials(
                            List.of("lfs", "pull", lfsRemote),
                            workspace,
                            lfsCredentials == null ? credentialsFor(url) : lfsCredentials,
                            url,
                            timeout);
                }
            } catch (GitException e) {
                throw new GitException("Could not checkout " + ref, e);
            }
        }
    }

    private final class SubmoduleUpdate implements SubmoduleUpdateCommand {
        private boolean recursive;
        private boolean shallow;
        private Integer depth = 1;
        private Integer timeout;

        @Override
        public SubmoduleUpdateCommand recursive(boolean value) {
            recursive = value;
            return this;
        }

        @Override
        public SubmoduleUpdateCommand timeout(Integer value) {
            timeout = value;
            return this;
        }

        @Override
        public SubmoduleUpdateCommand shallow(boolean value) {
            shallow = value;
            return this;
        }

        @Override
        public SubmoduleUpdateCommand depth(Integer value) {
            depth = value;
            return this;
        }

        @Override
        public void execute() throws InterruptedException {
            run(List.of("submodule", "init"));
            List<String> args = new ArrayList<>(List.of("submodule", "update"));
            if (recursive) {
                args.addAll(List.of("--init", "--recursive"));
            }
            if (shallow) {
                args.add("--depth=" + (depth == null ? 1 : depth));
            }
            String configured;
            try {
                configured = run(List.of("config", "-f", ".gitmodules", "--get-regexp", "^submodule\\.(.+)\\.url"));
            } catch (GitException e) {
                listener.error("No submodules found.");
                return;
            }
            Matcher matcher = Pattern.compile("^submodule\\.(.+)\\.url ", Pattern.MULTILINE)
                    .matcher(configured);
            while (matcher.find()) {
                String name = matcher.group(1);
                String url = run(List.of("config", "--get", "submodule." + name + ".url"))
                        .trim();
                List<String> perModule = new ArrayList<>(args);
                perModule.add(run(List.of("config", "-f", ".gitmodules", "--get", "submodule." + name + ".path"))
                        .trim());
                run(perModule, workspace, url, timeout);
            }
        }
    }

    private String run(List<String> args) throws InterruptedException {
        return launch(args, workspace, environment, null);
    }

    private String run(List<String> args, File folder, String url, Integer timeout) throws InterruptedException {
        return withCredentials(args, folder, credentialsFor(url), url, timeout);
    }

    private String withCredentials(
            List<String> args, File folder, StandardCredentials used, String url, Integer timeout)
            throws InterruptedException {
        List<Path> files = new ArrayList<>();
        EnvVars env = new EnvVars(environment);
        env.put("GIT_TERMINAL_PROMPT", "false");
        try {
            if (used instanceof SSHUserPrivateKey key) {
                listener.getLogger().println("using GIT_SSH to set credentials " + key.getDescription());
                String user = new URIish(url).getUser();
                Path keyFile = secretFile(files, "ssh", ".key", String.join("\n", key.getPrivateKeys()));
                Path passphrase = secretFile(
                        files,
                        "phrase",
                        ".txt",
                        key.getPassphrase() == null ? "" : key.getPassphrase().getPlainText());
                Path knownHosts = secretFile(files, "known_hosts", "", "");
                env.put("JENKINS_GIT_SSH_KEYFILE", keyFile.toString());
                env.put("JENKINS_GIT_SSH_USERNAME", user == null ? key.getUsername() : user);
                env.put(
                        "GIT_SSH",
                        script(
                                files,
                                "ssh -i \"$JENKINS_GIT_SSH_KEYFILE\" -l \"$JENKINS_GIT_SSH_USERNAME\""
                                        + " -o StrictHostKeyChecking=no -o UserKnownHostsFile=" + knownHosts
                                        + " -o LogLevel=ERROR \"$@\""));
                env.put("GIT_SSH_VARIANT", "ssh");
                env.put("SSH_ASKPASS", script(files, "cat '" + passphrase + "'"));
                env.put("DISPLAY", ":");
            } else if (used instanceof StandardUsernamePasswordCredentials password) {
                listener.getLogger().println("using GIT_ASKPASS to set credentials " + password.getDescription());
                Path name = secretFile(files, "username", ".txt", password.getUsername() + "\n");
                Path secret = secretFile(
                        files, "password", ".txt", password.getPassword().getPlainText() + "\n");
                String askpass = script(
                        files,
                        "case \"$1\" in\nUsername*) cat '" + name + "' ;;\nPassword*) cat '" + secret + "' ;;\nesac");
                env.put("GIT_ASKPASS", askpass);
                env.put("SSH_ASKPASS", askpass);
            }
            return launch(args, folder, env, timeout);
        } catch (IOException | URISyntaxException e) {
            throw new GitException("Failed to setup credentials", e);
        } finally {
            for (Path file : files) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    listener.error("Could not delete " + file);
                }
            }
        }
    }

    private Path secretFile(List<Path> files, String prefix, String suffix, String content) throws IOException {
        Path folder = Path.of(workspace.getAbsolutePath() + "@tmp");
        Files.createDirectories(folder);
        Path file = Files.createTempFile(
                folder,
                "jenkins-gitclient-" + prefix,
                suffix,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        files.add(file);
        Files.writeString(file, content);
        return file;
    }

    private String script(List<Path> files, String body) throws IOException {
        Path file = secretFile(files, "pass", ".sh", "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }

    private String launch(List<String> args, File folder, EnvVars env, Integer timeout) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of(exe));
        line.addAll(args);
        String command = String.join(" ", line);
        int minutes = timeout == null ? TIMEOUT_MINUTES : timeout;
        listener.getLogger().println(" > " + command + " # timeout=" + minutes);
        ProcessBuilder builder =
                new ProcessBuilder(env.containsKey("GIT_SSH") ? Arrays.asList(concat("setsid", line)) : line);
        if (folder != null) {
            builder.directory(folder);
        }
        builder.environment().put("GIT_ASKPASS", "echo");
        env.forEach((key, value) -> builder.environment().put(key, value));
        try {
            return collect(builder.start(), command, minutes);
        } catch (IOException e) {
            throw new GitException("Error performing git command: " + command, e);
        }
    }

    private static String[] concat(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all.toArray(new String[0]);
    }

    private static String collect(Process process, String command, int minutes)
            throws IOException, InterruptedException {
        process.getOutputStream().close();
        Collector out = new Collector(process.getInputStream());
        Collector err = new Collector(process.getErrorStream());
        out.start();
        err.start();
        try {
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                throw new GitException("Command \"" + command + "\" timed out after " + minutes + " minutes");
            }
            out.join();
            err.join();
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new GitException("Command \"" + command + "\" returned status code " + process.exitValue()
                    + ":\nstdout: " + out.text() + "\nstderr: " + err.text());
        }
        return out.text();
    }

    /** Reads a stream to its end. */
    private static final class Collector extends Thread {
        private final InputStream in;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Collector(InputStream in) {
            super("git output");
            setDaemon(true);
            this.in = in;
        }

        @Override
        public void run() {
            try (in) {
                in.transferTo(bytes);
            } catch (IOException e) {
                // The process is gone; what it said until then is kept.
            }
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
