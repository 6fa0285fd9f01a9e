package io.jenkins.plugins.minibuild.workflow.parse;

import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.ARGUMENTS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.CHOICE;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.CODES;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.COMBINATIONS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.CONDITION;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.COUNT;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.CPU;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.DURATION;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.ENGINE;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.ENVIRONMENT;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.FLAG;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.GLOBS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.HOOK;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.IMAGE;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.JOBS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.MEMORY;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.NAMES;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.NEEDS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.PATHS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.SECRET;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.SETTINGS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.SHELL;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.STAGES;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.STAGE_JOBS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.STEPS;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.TEMPLATE;
import static io.jenkins.plugins.minibuild.workflow.parse.KeyType.TEXT;

import io.jenkins.plugins.minibuild.workflow.model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A kind of mapping in a workflow's file, with the keys that it knows: the one table of the language. */
enum Level {
    WORKFLOW(Messages::Level_workflow) {
        @Override
        List<Key> table() {
            return join(
                    List.of(
                            Key.of("name", TEXT, "shop", Messages::Key_workflowName)
                                    .fallback("workflow"),
                            Key.of("jobs", JOBS, "{lint: {steps: [npm run lint]}}", Messages::Key_jobs),
                            Key.of("stages", STAGES, "[{name: build, jobs: [{steps: [make]}]}]", Messages::Key_stages)),
                    settings("1d"),
                    List.of(
                            Key.of("pre", HOOK, "npm ci", Messages::Key_workflowPre),
                            Key.of("post", HOOK, "./report.sh", Messages::Key_workflowPost),
                            Key.of("max_parallel", COUNT, "4", Messages::Key_maxParallel)
                                    .most(WorkflowParser.MOST_JOBS),
                            Key.of("fail_fast", FLAG, "true", Messages::Key_failFast)
                                    .fallback("false")));
        }
    },
    STAGE(Messages::Level_stage) {
        @Override
        List<Key> table() {
            return join(
                    List.of(
                            Key.of("name", TEXT, "build", Messages::Key_stageName)
                                    .fallback("stage N"),
                            Key.of("jobs", STAGE_JOBS, "[{steps: [make]}]", Messages::Key_stageJobs)
                                    .required(),
                            Key.of("run_mode", CHOICE, "serial", Messages::Key_runMode)
                                    .fallback("parallel")
                                    .choices("parallel", "serial")),
                    settings(""),
                    List.of(
                            Key.of("when", CONDITION, "branch == 'main'", Messages::Key_stageWhen),
                            Key.of("continue_on_error", FLAG, "true", Messages::Key_stageContinue)
                                    .fallback("false"),
                            Key.ignored("type", Messages::Key_goIdpUnused),
                            Key.ignored("title", Messages::Key_goIdpUnused),
                            Key.ignored("mode", Messages::Key_goIdpMode)));
        }
    },
    JOB(Messages::Level_job) {
        @Override
        List<Key> table() {
            return join(
                    List.of(
                            Key.of("name", TEXT, "unit tests", Messages::Key_jobName),
                            Key.of("needs", NEEDS, "[lint]", Messages::Key_needs),
                            Key.of("when", CONDITION, "branch == 'main'", Messages::Key_jobWhen)
                                    .fallback("success()"),
                            Key.of("steps", STEPS, "[{name: unit, command: npm test}]", Messages::Key_steps)
                                    .required(),
                            Key.of("pre", HOOK, "npm ci", Messages::Key_jobPre),
                            Key.of("post", HOOK, "./clean.sh", Messages::Key_jobPost),
                            Key.of("agent", TEMPLATE, "linux && wechat", Messages::Key_agent),
                            Key.of("sources", CHOICE, "copy", Messages::Key_sources)
                                    .fallback("checkout")
                                    .choices("checkout", "copy", "none"),
                            Key.of("matrix", KeyType.MATRIX, "{node: [18, 20]}", Messages::Key_matrix)),
                    settings(""),
                    List.of(
                            Key.of("retry", KeyType.RETRY, "2", Messages::Key_jobRetry)
                                    .fallback("0"),
                            Key.of("continue_on_error", FLAG, "true", Messages::Key_jobContinue)
                                    .fallback("false"),
                            Key.of("outputs", NAMES, "[version]", Messages::Key_jobOutputs),
                            Key.of("artifacts", GLOBS, "[dist/**]", Messages::Key_artifacts),
                            Key.of(
                                    "cache",
                                    KeyType.CACHE,
                                    "{key: npm, files: package-lock.json, paths: node_modules}",
                                    Messages::Key_cache)));
        }
    },
    STEP(Messages::Level_step) {
        @Override
        List<Key> table() {
            return join(
                    List.of(
                            Key.of("name", TEXT, "unit", Messages::Key_stepName).fallback("step N"),
                            Key.of("command", SECRET, "npm test", Messages::Key_command),
                            Key.of("uses", TEXT, "miniprogramUpload", Messages::Key_uses),
                            Key.of("with", ARGUMENTS, "{app: shop}", Messages::Key_with),
                            Key.of(
                                    "plugin",
                                    KeyType.PLUGIN,
                                    "{image: \"pipeline/checkout:v1\", settings: {username: tester}}",
                                    Messages::Key_plugin),
                            Key.of("language", KeyType.LANGUAGE, "{name: node, version: 16}", Messages::Key_language),
                            Key.of(
                                    "service",
                                    KeyType.SERVICE,
                                    "{name: shop, type: docker-compose, config: compose.yaml}",
                                    Messages::Key_service),
                            Key.of("when", CONDITION, "failure()", Messages::Key_stepWhen)
                                    .fallback("success()")),
                    settings(""),
                    List.of(
                            Key.of("retry", KeyType.RETRY, "2", Messages::Key_stepRetry)
                                    .fallback("0"),
                            Key.of("continue_on_error", FLAG, "true", Messages::Key_stepContinue)
                                    .fallback("false"),
                            Key.of("outputs", NAMES, "[version]", Messages::Key_stepOutputs),
                            Key.ignored("data_dir_inner", Messages::Key_goIdpDataDir),
                            Key.ignored("data_dir_outer", Messages::Key_goIdpDataDir)));
        }
    },
    MATRIX(Messages::Level_matrix) {
        @Override
        List<Key> table() {
            return List.of(
                    Key.of("include", COMBINATIONS, "[{node: 22, flag: new}]", Messages::Key_include),
                    Key.of("exclude", COMBINATIONS, "[{node: 18}]", Messages::Key_exclude),
                    Key.of("max_parallel", COUNT, "2", Messages::Key_matrixParallel)
                            .most(256));
        }
    },
    RETRY(Messages::Level_retry) {
        @Override
        List<Key> table() {
            return List.of(
                    Key.of("count", COUNT, "2", Messages::Key_retryCount)
                            .required()
                            .most(10),
                    Key.of("backoff", DURATION, "10s", Messages::Key_backoff),
                    Key.of("exit_codes", CODES, "[7, 28]", Messages::Key_exitCodes));
        }
    },
    CACHE(Messages::Level_cache) {
        @Override
        List<Key> table() {
            return List.of(
                    Key.of("key", TEMPLATE, "npm", Messages::Key_cacheKey).required(),
                    Key.of("files", PATHS, "[package-lock.json]", Messages::Key_cacheFiles),
                    Key.of("paths", PATHS, "[node_modules]", Messages::Key_cachePaths)
                            .required());
        }
    },
    RESOURCES(Messages::Level_resources) {
        @Override
        List<Key> table() {
            return List.of(
                    Key.of("cpu", CPU, "1.5", Messages::Key_cpu),
                    Key.of("memory", MEMORY, "512m", Messages::Key_memory));
        }
    },
    PLUGIN(Messages::Level_plugin) {
        @Override
        List<Key> table() {
            return join(
                    List.of(
                            Key.of("image", IMAGE, "\"pipeline/checkout:v1\"", Messages::Key_pluginImage),
                            Key.of("settings", SETTINGS, "{username: tester}", Messages::Key_pluginSettings),
                            Key.of("entrypoint", TEXT, "/bin/run", Messages::Key_entrypoint)
                                    .fallback(Step.Plugin.ENTRYPOINT)),
                    registry());
        }
    },
    LANGUAGE(Messages::Level_language) {
        @Override
        List<Key> table() {
            return List.of(
                    Key.of("name", TEXT, "node", Messages::Key_languageName).required(),
                    Key.of("version", TEXT, "16", Messages::Key_languageVersion).fallback("latest"));
        }
    },
    SERVICE(Messages::Level_service) {
        @Override
        List<Key> table() {
            return List.of(
                    Key.of("name", TEXT, "shop", Messages::Key_serviceName).required(),
                    Key.of("version", TEXT, "v2", Messages::Key_serviceVersion).fallback("v1"),
                    Key.of("type", CHOICE, "docker-compose", Messages::Key_serviceType)
                            .required()
                            .choices("docker-compose", "docker-swarm", "kubernetes"),
                    Key.of("config", TEMPLATE, "compose.yaml", Messages::Key_serviceConfig)
                            .required());
        }
    };

    /** Keys that other services have for something that there is here, too. */
    private static final Map<String, String> FAMILIAR = Map.ofEntries(
            Map.entry("run", "command"),
            Map.entry("script", "command"),
            Map.entry("commands", "command"),
            Map.entry("before_script", "pre"),
            Map.entry("after_script", "post"),
            Map.entry("env", "environment"),
            Map.entry("variables", "environment"),
            Map.entry("if", "when"),
            Map.entry("depends_on", "needs"),
            Map.entry("dependencies", "needs"),
            Map.entry("container", "image"),
            Map.entry("runs-on", "agent"),
            Map.entry("tags", "agent"),
            Map.entry("allow_failure", "continue_on_error"),
            Map.entry("continue-on-error", "continue_on_error"),
            Map.entry("timeout-minutes", "timeout"),
            Map.entry("working-directory", "workdir"),
            Map.entry("strategy", "matrix"),
            Map.entry("max-parallel", "max_parallel"),
            Map.entry("fail-fast", "fail_fast"));

    private final Supplier<String> words;
    private List<Key> keys = List.of();

    Level(Supplier<String> words) {
        this.words = words;
    }

    static {
        for (Level level : values()) {
            level.keys = List.copyOf(level.table());
        }
    }

    abstract List<Key> table();

    private static List<Key> settings(String timeout) {
        return join(
                List.of(
                        Key.of("environment", ENVIRONMENT, "{CI: \"true\"}", Messages::Key_environment),
                        Key.of("image", IMAGE, "\"node:20\"", Messages::Key_image)),
                registry(),
                List.of(
                        Key.of("workdir", TEMPLATE, "packages/web", Messages::Key_workdir),
                        Key.of("shell", SHELL, "bash -e", Messages::Key_shell),
                        Key.of("timeout", DURATION, "10m", Messages::Key_timeout)
                                .fallback(timeout),
                        Key.of("engine", ENGINE, "podman", Messages::Key_engine),
                        Key.of("resources", KeyType.RESOURCES, "{cpu: 2, memory: 1g}", Messages::Key_resources)));
    }

    private static List<Key> registry() {
        return List.of(
                Key.of("image_registry", TEXT, "registry.example.com", Messages::Key_registry),
                Key.of(
                        "image_registry_username",
                        SECRET,
                        "\"${credentials.registry.username}\"",
                        Messages::Key_registryUsername),
                Key.of(
                        "image_registry_password",
                        SECRET,
                        "\"${credentials.registry.password}\"",
                        Messages::Key_registryPassword),
                Key.of("image_registry_credentials", TEXT, "registry", Messages::Key_registryCredentials));
    }

    @SafeVarargs
    private static List<Key> join(List<Key>... lists) {
        List<Key> all = new ArrayList<>();
        for (List<Key> list : lists) {
            all.addAll(list);
        }
        return all;
    }

    /** With an article, in the language of the build: "a job". */
    String words() {
        return words.get();
    }

    /** In the order in which they are explained. */
    List<Key> keys() {
        return keys;
    }

    /** The key of a name that it knows. */
    Optional<Key> key(String name) {
        return keys.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** The keys that mean something. */
    List<String> names() {
        return keys.stream().filter(each -> !each.isIgnored()).map(Key::name).toList();
    }

    /** The key that stands here for what another service calls so. */
    Optional<String> familiar(String name) {
        return Optional.ofNullable(FAMILIAR.get(name)).filter(each -> names().contains(each));
    }
}
