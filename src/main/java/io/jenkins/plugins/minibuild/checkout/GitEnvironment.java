package io.jenkins.plugins.minibuild.checkout;

import hudson.EnvVars;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The environment in which git runs: the build's, without what would change git's meaning, and with settings that hold for this run only. */
final class GitEnvironment {
    /** Variables of the build that tell git how to reach a server, not what to do there. */
    private static final List<String> KEPT = List.of("GIT_SSL_", "GIT_HTTP_", "GIT_SSH", "GIT_PROXY_");

    private GitEnvironment() {}

    /**
     * @param sshKey whether a credential brings the SSH command
     * @param anonymous whether there is no credential
     */
    static EnvVars of(EnvVars build, RepositoryUrl url, boolean sshKey, boolean anonymous) {
        EnvVars env = new EnvVars();
        build.forEach((name, value) -> {
            boolean git = name.startsWith("GIT_");
            boolean ssh = name.startsWith("GIT_SSH");
            if (!git || KEPT.stream().anyMatch(name::startsWith) && !(ssh && sshKey)) {
                env.put(name, value);
            }
        });
        // The settings of the agent and of its user may have been written by an earlier build: they could send a
        // credential elsewhere.
        env.put("GIT_CONFIG_NOSYSTEM", "1");
        env.put("GIT_CONFIG_GLOBAL", "/dev/null");
        env.put("GIT_ATTR_NOSYSTEM", "1");
        if (!anonymous && url.isHttp()) {
            // Git before 2.32 does not know GIT_CONFIG_GLOBAL. SSH keeps its home: its keys and known hosts are there.
            env.put("HOME", "/dev/null");
            env.put("XDG_CONFIG_HOME", "/dev/null");
        }
        // Failures are told apart by git's words.
        env.put("LC_ALL", "C");
        env.put(
                "GIT_ALLOW_PROTOCOL",
                url.isHttp() ? "http:https" : url.transport().protocol());
        env.put("GIT_LFS_SKIP_SMUDGE", "1");
        env.put("GIT_CONFIG_PARAMETERS", settings(url, anonymous));
        return env;
    }

    /** The same for submodules: an address that the repository's author chose must not be a folder of the agent. */
    static EnvVars ofSubmodules(EnvVars env) {
        EnvVars own = new EnvVars(env);
        own.put("GIT_ALLOW_PROTOCOL", "http:https:ssh");
        return own;
    }

    /**
     * The settings as {@code git -c} hands them on: this one variable reaches every git command, and unlike {@code GIT_CONFIG_COUNT} it can hold an empty
     * value, which Jenkins would drop from an environment.
     */
    private static String settings(RepositoryUrl url, boolean anonymous) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("core.hooksPath", "/dev/null");
        settings.put("core.fsmonitor", "false");
        // Which TargetFolder takes over.
        settings.put("index.version", "2");
        settings.put("init.templateDir", "");
        settings.put("init.defaultBranch", "main");
        // Credential helpers of the agent would give their credentials to every build, and store those of the builds.
        settings.put("credential.helper", "");
        // A redirect to another server would take the credential along.
        settings.put("http.followRedirects", anonymous ? "initial" : "false");
        if (!anonymous && url.isHttp()) {
            // A file .lfsconfig in the repository names a server as its author likes, who would get the credential.
            settings.put("lfs.url", url.text().replaceAll("/+$", "").replaceAll("\\.git$", "") + ".git/info/lfs");
        }
        // A transfer that stands still is a broken one.
        settings.put("http.lowSpeedLimit", "100");
        settings.put("http.lowSpeedTime", "60");
        // Everything comes as a pack, which can be linked.
        settings.put("fetch.unpackLimit", "1");
        settings.put("fetch.recurseSubmodules", "false");
        settings.put("gc.auto", "0");
        settings.put("maintenance.auto", "false");
        settings.put("advice.detachedHead", "false");
        // A folder that belongs to another user of the agent holds settings of ours only, and the agent's own list is
        // not read.
        settings.put("safe.directory", "*");
        settings.put("checkout.workers", "0");
        return settings.entrySet().stream()
                .map(setting -> "'" + setting.getKey() + "=" + setting.getValue() + "'")
                .collect(Collectors.joining(" "));
    }
}
