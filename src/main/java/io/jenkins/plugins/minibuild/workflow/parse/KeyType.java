package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.parse.Yaml.Kind;
import java.util.Set;
import java.util.function.Supplier;

/** What the value of a key can be. */
enum KeyType {
    /** A plain text. */
    TEXT(Messages::KeyType_text, Kind.SCALAR),
    /** One of a few words. */
    CHOICE(Messages::KeyType_choice, Kind.SCALAR),
    /** A text with references, but for credentials: it is shown, or becomes a part of a name. */
    TEMPLATE(Messages::KeyType_template, Kind.SCALAR),
    /** A text with references, those of credentials too. */
    SECRET(Messages::KeyType_secret, Kind.SCALAR),
    /** The name of an image, with references. */
    IMAGE(Messages::KeyType_image, Kind.SCALAR),
    /** What runs a step. */
    ENGINE(Messages::KeyType_engine, Kind.SCALAR),
    /** A command that takes {@code -c SCRIPT}. */
    SHELL(Messages::KeyType_shell, Kind.SCALAR),
    /** An expression. */
    CONDITION(Messages::KeyType_condition, Kind.SCALAR),
    /** Seconds, or a number with a unit. */
    DURATION(Messages::KeyType_duration, Kind.SCALAR),
    /** Bytes, or a number with a unit. */
    MEMORY(Messages::KeyType_memory, Kind.SCALAR),
    /** Processors. */
    CPU(Messages::KeyType_cpu, Kind.SCALAR),
    /** A whole number from 0. */
    COUNT(Messages::KeyType_count, Kind.SCALAR),
    /** True or false. */
    FLAG(Messages::KeyType_flag, Kind.SCALAR),
    /** Variables: a mapping, or a list of {@code NAME=VALUE}. */
    ENVIRONMENT(Messages::KeyType_environment, Kind.MAPPING, Kind.SEQUENCE),
    /** Ids of jobs. */
    NEEDS(Messages::KeyType_needs, Kind.SCALAR, Kind.SEQUENCE),
    /** Names of outputs. */
    NAMES(Messages::KeyType_names, Kind.SCALAR, Kind.SEQUENCE),
    /** Patterns of files, with references. */
    GLOBS(Messages::KeyType_globs, Kind.SCALAR, Kind.SEQUENCE),
    /** Patterns of files or folders, without references. */
    PATHS(Messages::KeyType_paths, Kind.SCALAR, Kind.SEQUENCE),
    /** Exit codes. */
    CODES(Messages::KeyType_codes, Kind.SCALAR, Kind.SEQUENCE),
    /** One step or more. */
    HOOK(Messages::KeyType_hook, Kind.SCALAR, Kind.SEQUENCE, Kind.MAPPING),
    /** A list of steps. */
    STEPS(Messages::KeyType_steps, Kind.SEQUENCE),
    /** A list of stages. */
    STAGES(Messages::KeyType_stages, Kind.SEQUENCE),
    /** Jobs by their ids; in a stage a list. */
    JOBS(Messages::KeyType_jobs, Kind.MAPPING),
    /** The jobs of a stage. */
    STAGE_JOBS(Messages::KeyType_stageJobs, Kind.SEQUENCE),
    /** The axes of a matrix with their values. */
    MATRIX(Messages::KeyType_matrix, Kind.MAPPING),
    /** Combinations of a matrix. */
    COMBINATIONS(Messages::KeyType_combinations, Kind.SEQUENCE),
    /** A number of attempts, or a mapping. */
    RETRY(Messages::KeyType_retry, Kind.SCALAR, Kind.MAPPING),
    /** One cache or more. */
    CACHE(Messages::KeyType_cache, Kind.MAPPING, Kind.SEQUENCE),
    /** A mapping of {@link Level#RESOURCES}. */
    RESOURCES(Messages::KeyType_resources, Kind.MAPPING),
    /** A mapping of {@link Level#PLUGIN}. */
    PLUGIN(Messages::KeyType_plugin, Kind.MAPPING),
    /** A mapping of {@link Level#LANGUAGE}. */
    LANGUAGE(Messages::KeyType_language, Kind.MAPPING),
    /** A mapping of {@link Level#SERVICE}. */
    SERVICE(Messages::KeyType_service, Kind.MAPPING),
    /** Texts with references by name. */
    SETTINGS(Messages::KeyType_settings, Kind.MAPPING),
    /** The parameters of one of the plugin's steps. */
    ARGUMENTS(Messages::KeyType_arguments, Kind.MAPPING),
    /** Anything; it is not read. */
    ANYTHING(Messages::KeyType_anything, Kind.SCALAR, Kind.SEQUENCE, Kind.MAPPING);

    private final Supplier<String> words;
    private final Set<Kind> kinds;

    KeyType(Supplier<String> words, Kind... kinds) {
        this.words = words;
        this.kinds = Set.of(kinds);
    }

    /** What it is, in the language of the build: "a text with references". */
    String words() {
        return words.get();
    }

    boolean takes(Kind kind) {
        return kinds.contains(kind);
    }

    /** Whether the value, or a part of it, may hold references to credentials. */
    boolean takesSecrets() {
        return this == SECRET || this == ENVIRONMENT || this == SETTINGS || this == ARGUMENTS || this == HOOK;
    }
}
