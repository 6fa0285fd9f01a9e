package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever an installation reads from the disk decides whether a cached one is still right, or nothing is cached. */
class LocalInputsTest {
    private static final String NPM_LOCK = "package-lock.json";

    @TempDir
    private Path root;

    private Path project;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void start() throws IOException {
        project = Files.createDirectories(root.resolve("workspace/shop"));
        environment.put("HOME", root.resolve("home").toString());
        write("package.json", "{\"name\": \"shop\"}");
        for (String lock : new String[] {NPM_LOCK, "yarn.lock", "pnpm-lock.yaml"}) {
            write(lock, "{}");
        }
    }

    /** Each row: what names an input, and the file that changes while everything that names it stays. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "yarn | package.json | {'dependencies': {'tea': 'file:./tea'}} | tea/index.js",
                "yarn | package.json | {'dependencies': {'tea': './tea'}} | tea/lib/deep/leaf.js",
                "yarn | package.json | {'dependencies': {'tea': 'file:../beside'}} | ../beside/index.js",
                "yarn | package.json | {'devDependencies': {'tea': 'link:tea'}} | tea/index.js",
                "yarn | package.json | {'dependencies': {'tea': 'portal:./tea'}} | tea/index.js",
                "yarn | package.json | {'dependencies': {'tea': 'file:./tea-1.0.0.tgz'}} | tea-1.0.0.tgz",
                "yarn | package.json | {'dependencies': {'tea': 'tea-1.0.0.tgz'}} | tea-1.0.0.tgz",
                "yarn | package.json | {'resolutions': {'tea': 'file:./tea'}} | tea/index.js",
                "yarn | package.json | {'dependencies': {'tea': 'patch:tea@npm%3A1.0.0#~/.yarn/tea.patch'}} | .yarn/tea.patch",
                "yarn | yarn.lock | 'tea@patch:tea@npm%3A1.0.0#./fixes/tea.patch::version=1.0.0&hash=1': | fixes/tea.patch",
                "yarn | yarn.lock | 'tea@file:./tea#./tea::locator=shop%40workspace%3A.': | tea/index.js",
                "yarn | .yarnrc.yml | yarnPath: .yarn/releases/yarn-4.0.0.cjs | .yarn/releases/yarn-4.0.0.cjs",
                "yarn | .yarnrc | registry 'https://a.test' | ../.yarnrc",
                "pnpm | package.json | {'dependencies': {'tea': 'file:tea'}} | tea/index.js",
                "pnpm | package.json | {'pnpm': {'overrides': {'tea': 'file:tea'}}} | tea/index.js",
                "pnpm | package.json | {'pnpm': {'patchedDependencies': {'tea@1.0.0': 'fixes/tea.patch'}}} | fixes/tea.patch",
                "pnpm | pnpm-lock.yaml | resolution: {directory: tea, type: directory} | tea/index.js",
                "pnpm | pnpm-lock.yaml | version: file:tea-1.0.0.tgz(react@18) | tea-1.0.0.tgz",
                "npm | package.json | {'dependencies': {'tea': 'file:tea'}} | tea/index.js",
                "npm | package.json | {'overrides': {'cup': {'tea': 'file:tea-1.0.0.tgz'}}} | tea-1.0.0.tgz",
                "npm | package-lock.json | {'resolved': 'file:tea-1.0.0.tgz'} | tea-1.0.0.tgz",
                "npm | package.json | {'name': 'shop'} | patches/tea+1.0.0.patch",
                "npm | package.json | {'name': 'shop'} | ../../home/.npmrc",
                "npm | package.json | {'name': 'shop'} | ../.npmrc"
            })
    void aChangeOfAnInputIsAnotherKey(String manager, String naming, String text, String input) throws Exception {
        write(naming, text.replace('\'', '"'));
        write(input, "green");
        DependencyFacts before = facts(manager);
        assertThat(before.refusal()).as(before.detail()).isNull();
        assertThat(facts(manager).digest()).isEqualTo(before.digest());

        // The same size and time: only the content tells.
        FileTime time = Files.getLastModifiedTime(project.resolve(input));
        write(input, "black");
        Files.setLastModifiedTime(project.resolve(input), time);

        assertThat(facts(manager).digest()).isNotEqualTo(before.digest());
    }

    @ParameterizedTest
    @CsvSource({"yarn", "pnpm", "npm"})
    void aPackageOfAPackageCountsToo(String manager) throws Exception {
        write("package.json", "{\"dependencies\": {\"tea\": \"file:packages/tea\"}}");
        write("packages/tea/package.json", "{\"dependencies\": {\"cup\": \"file:../cup\"}}");
        write("packages/cup/index.js", "white");
        DependencyFacts before = facts(manager);
        assertThat(before.local()).isTrue();

        write("packages/cup/index.js", "black");

        assertThat(before.refusal()).isNull();
        assertThat(facts(manager).digest()).isNotEqualTo(before.digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "package.json | {'dependencies': {'tea': 'file:./not-there'}} | LOCAL | file:./not-there",
                "package.json | {'dependencies': {'self': 'file:..'}} | LOCAL | file:..",
                "package.json | {'dependencies': {'self': 'link:.'}} | LOCAL | link:.",
                "package.json | {'dependencies': {'tea': 'exec:./make-tea.js'}} | LOCAL | exec:./make-tea.js",
                "package.json | {'dependencies': {'tea': 'file:./linked'}} | LOCAL | file:./linked",
                "package.json | {'dependencies': {'tea': 'file:./prepared'}} | SCRIPTS | ~~",
                "binding.gyp | {} | SCRIPTS | ~~",
                ".pnpmfile.cjs | module.exports = require('./hooks') | PROGRAM | .pnpmfile.cjs",
                ".yarnrc | yarn-offline-mirror './mirror' | PROGRAM | .yarnrc: yarn-offline-mirror",
                ".yarnrc.yml | yarnPath: tools/yarn.cjs | PROGRAM | .yarnrc.yml: yarnPath"
            })
    void whatCannotBeComparedIsNotKeptAndNamed(String naming, String text, String refusal, String detail)
            throws Exception {
        Files.createDirectories(project.resolve("linked"));
        Files.createSymbolicLink(project.resolve("linked/lib"), Path.of("../../elsewhere"));
        write("prepared/package.json", "{\"scripts\": {\"prepare\": \"tsc\"}}");
        write(naming, text.replace('\'', '"'));

        DependencyFacts facts = facts("yarn");

        assertThat(String.valueOf(facts.refusal())).isEqualTo(refusal);
        assertThat(facts.detail()).isEqualTo(detail);
    }

    @Test
    void aLargeFolderIsNotReadWhole() throws Exception {
        write("package.json", "{\"dependencies\": {\"tea\": \"file:tea\"}}");
        Path large = Files.createDirectories(project.resolve("tea")).resolve("large.bin");
        try (var channel = Files.newByteChannel(
                large, java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(LocalInputs.MOST_BYTES).write(java.nio.ByteBuffer.wrap(new byte[] {1}));
        }

        assertThat(facts("npm").refusal()).isEqualTo(DependencyFacts.Refusal.LOCAL);
    }

    /** The history of a checkout, a token and the like differ from build to build and decide nothing. */
    @Test
    void whatDecidesNothingIsNoPartOfTheKey() throws Exception {
        write("package.json", "{\"dependencies\": {\"tea\": \"file:../beside\"}}");
        write("../beside/index.js", "green");
        write(".npmrc", "registry=https://a.test\n//a.test/:_authToken=${TOKEN}\n");
        environment.put("TOKEN", "one");
        String before = facts("npm").digest();

        write("../beside/.git/index", "new");
        environment.put("TOKEN", "two");
        environment.put("BUILD_NUMBER", "2");
        assertThat(facts("npm").digest()).isEqualTo(before);

        write(".npmrc", "registry=${REGISTRY}\n");
        environment.put("REGISTRY", "https://a.test");
        String other = facts("npm").digest();
        environment.put("REGISTRY", "https://b.test");
        assertThat(facts("npm").digest()).isNotEqualTo(other);
    }

    /** An npm that a relative entry of the PATH leads to is the one that runs in the project's folder. */
    @ParameterizedTest
    @CsvSource({"bin", "./bin", "''", "not-there:bin"})
    void anNpmOfTheProjectItselfIsAnotherKey(String path) throws Exception {
        String before = facts("npm").digest();
        Path own = project.resolve(path.isEmpty() ? "npm" : "bin/npm");
        environment.put("PATH", path + ":" + System.getenv("PATH"));
        write(own.toString(), "#!/bin/sh\n echo green\n");
        assertThat(own.toFile().setExecutable(true)).isTrue();
        FileTime time = Files.getLastModifiedTime(own);
        String first = facts("npm").digest();
        assertThat(first).isNotEqualTo(before);

        Files.writeString(own, "#!/bin/sh\n echo black\n");
        Files.setLastModifiedTime(own, time);
        assertThat(facts("npm").digest()).isNotEqualTo(first);
    }

    private DependencyFacts facts(String manager) throws IOException {
        return new DependencyFacts.Read(manager, false, environment, environment.getOrDefault("PATH", ""))
                .invoke(project.toFile(), null);
    }

    private void write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.normalize().getParent());
        Files.writeString(file.normalize(), text);
    }
}
