package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.standin.UploadKey;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A table of broken arguments, keys, projects, tools and answers of the service. Each ends in one of the plugin's own errors:
 * one message that says what to do, no stack trace, no raw JSON, nothing left in the temporary folder.
 *
 * <p>A shell script stands in for Node.js: it gets the request that the plugin writes and answers as the driver would, so that
 * the table is quick. {@link FailureTest} has the same kinds of errors from the real miniprogram-ci.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenThingsTest {

    private static final int AT_LEAST = 200;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PEM = UploadKey.generate().pem();

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void givesOneOfThePluginsOwnErrors(Case broken, @TempDir Path root) throws Exception {
        Workplace workplace = new Workplace(root);
        MiniprogramUploadStep[] made = new MiniprogramUploadStep[1];

        Throwable thrown = catchThrowable(() -> {
            made[0] = broken.prepare(workplace);
            made[0].task().run(workplace.build);
        });

        // What is refused before there is a step is refused by its setter.
        assertThat(thrown)
                .isInstanceOf(made[0] == null ? IllegalArgumentException.class : AbortException.class)
                .hasMessageContaining(broken.says);
        assertThat(thrown.getMessage())
                .hasSizeBetween(20, 4000)
                .doesNotContain("\tat ")
                .doesNotContainPattern("java\\.[a-z]+\\.")
                .doesNotContain("Exception")
                .doesNotContain("{\"")
                .doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
        assertThat(workplace.build.root().resolve("workspace@tmp")).isEmptyDirectory();
        assertThat(workplace.build.artifacts()).doesNotExist();
        assertThat(workplace.build.log()).doesNotContain(PEM.lines().toList().get(3));
    }

    @Test
    void theTableIsLongEnoughAndHasNothingTwice() {
        List<String> names = table().map(Case::toString).toList();

        assertThat(names).hasSizeGreaterThanOrEqualTo(AT_LEAST).doesNotHaveDuplicates();
    }

    @Test
    void theWorkplaceItselfIsNotBroken(@TempDir Path root) throws Exception {
        Workplace workplace = new Workplace(root);
        workplace.answer("{\"event\":\"result\",\"subPackageInfo\":[{\"name\":\"__FULL__\",\"size\":7}]}", 0);

        assertThat(step().task().run(workplace.build).sizes().whole()).isEqualTo(7);
    }

    // ---- the table

    static Stream<Case> table() {
        List<Case> table = new ArrayList<>();
        arguments(table);
        keys(table);
        projects(table);
        builds(table);
        answers(table);
        deaths(table);
        return table.stream();
    }

    private static void arguments(List<Case> table) {
        for (String id : List.of(
                "wx",
                "wx0123456789abcde",
                "wx0123456789abcdef0",
                "WX0123456789abcdef",
                "wx0123456789ABCDEF",
                "0123456789abcdef",
                "wx0123456789abcdeg",
                "wx 123456789abcdef",
                "wx0123456789abcde\u0661",
                "gh_0123456789ab",
                "wx../../../../../",
                "touristappid")) {
            table.add(new Case("appId " + id, "has to be wx and 16 hexadecimal digits", w -> step(id, "1.0.0")));
        }
        for (String id : List.of("", "  ")) {
            table.add(new Case("appId '" + id + "'", "appId is missing", w -> step(id, "1.0.0")));
        }
        for (String version : List.of("", "   ")) {
            table.add(new Case("version '" + version + "'", "version is missing", w -> step(Fixture.APP, version)));
        }
        for (String version : List.of("-1", "1.0;rm", "1.0/2", "$(id)", "1.0\"", "a".repeat(65), "<b>", ".1", "1,2")) {
            table.add(new Case("version " + version, "is not a version", w -> step(Fixture.APP, version)));
        }
        for (int robot : new int[] {0, -1, 31, 1000, Integer.MIN_VALUE}) {
            table.add(with("robot " + robot, "a number from 1 to 30", s -> s.setRobot(robot)));
        }
        for (double minutes : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e9}) {
            table.add(with("timeoutMinutes " + minutes, "more than 0", s -> s.setTimeoutMinutes(minutes)));
        }
        for (String type : List.of("mini-program", "game", "plugin", "wxapp")) {
            table.add(with("type " + type, "Use one of: miniProgram", s -> s.setType(type)));
        }
        for (String type : List.of("taro", "uni-app", "UNIAPP")) {
            table.add(with("appType " + type, "Use one of: native, uniapp", s -> s.setAppType(type)));
        }
        for (String path : List.of("..", "../x", "a/../../b", "a\\..\\..\\b", "./..")) {
            table.add(with("projectPath " + path, "leads out of the workspace", s -> s.setProjectPath(path)));
            table.add(with("outputPath " + path, "leads out of the workspace", s -> s.setOutputPath(path)));
        }
        for (String path : List.of("/etc", "C:\\x", "\\\\server\\share", "c:")) {
            table.add(with("projectPath " + path, "has to be relative", s -> s.setProjectPath(path)));
            table.add(with("outputPath " + path, "has to be relative", s -> s.setOutputPath(path)));
        }
        for (String path : List.of("nowhere", "app.json", "pages/index/none")) {
            table.add(with("projectPath " + path, "There are: ", s -> s.setProjectPath(path)));
            table.add(with("outputPath " + path, "There are: ", s -> s.setOutputPath(path)));
        }
        Map<String, String> settings = Map.of(
                "es5=true", "Use: ",
                "es6", "name=true",
                "es6=yes", "true or false",
                "{\"es6\": 1}", "true or false",
                "{\"es6\": true", "not valid JSON",
                "[1, 2]", "name=true",
                "es6=true minify=true", "true or false");
        settings.forEach((text, says) -> table.add(with("setting " + text, says, s -> s.setSetting(text))));
        table.add(with("setting of another kind", "has to be a map", s -> s.setSetting(7)));
        table.add(new Case(
                "the key instead of its id",
                "select a credential",
                w -> new MiniprogramUploadStep(Fixture.APP, PEM, "1.0.0")));
        for (String id : List.of("", " ")) {
            table.add(new Case(
                    "credential '" + id + "'",
                    "privateKeyCredentialsId is missing",
                    w -> new MiniprogramUploadStep(Fixture.APP, id, "1.0.0")));
        }
        for (String id : List.of("nowhere", "../key", "MINIPROGRAM-KEY")) {
            table.add(new Case("credential " + id, id, w -> new MiniprogramUploadStep(Fixture.APP, id, "1.0.0")));
        }
        table.add(with("a tool that is not there", "no-such-tool", s -> s.setCiTool("no-such-tool")));
    }

    private static void keys(List<Case> table) {
        String body = PEM.replaceAll("-----[A-Z ]+-----|\\s", "");
        key(table, "empty", "is empty", "");
        key(table, "blank", "is empty", " \n\r\n ");
        key(table, "words", "no key in PEM format", "correct horse battery staple");
        key(table, "a path", "no key in PEM format", "/var/keys/private.key");
        key(table, "JSON", "no key in PEM format", "{\"key\": 1}");
        key(table, "without its frame", "no key in PEM format", body);
        key(table, "first line only", "\"miniprogram-key\"", "-----BEGIN RSA PRIVATE KEY-----");
        key(table, "last line only", "\"miniprogram-key\"", "-----END RSA PRIVATE KEY-----");
        key(table, "twice", "more than one key", PEM + PEM);
        key(
                table,
                "frame without key",
                "\"miniprogram-key\"",
                "-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n");
        key(table, "public", "public key", frame("PUBLIC KEY", body));
        key(table, "certificate", "certificate", frame("CERTIFICATE", body));
        key(table, "EC", "\"miniprogram-key\"", frame("EC PRIVATE KEY", body));
        key(table, "OpenSSH", "\"miniprogram-key\"", frame("OPENSSH PRIVATE KEY", body));
        key(table, "DSA", "\"miniprogram-key\"", frame("DSA PRIVATE KEY", body));
        key(table, "encrypted", "password", frame("ENCRYPTED PRIVATE KEY", body));
        key(table, "wrong frame", "\"miniprogram-key\"", frame("PRIVATE KEY", body));
        key(
                table,
                "base64 of words",
                "no key in PEM format",
                Base64.getEncoder().encodeToString("hello, this is not a key".getBytes(StandardCharsets.UTF_8)));
        for (int cut = 1; cut <= 9; cut++) {
            int length = body.length() * cut / 10;
            key(
                    table,
                    "cut at " + cut + "0 %",
                    "\"miniprogram-key\"",
                    frame("RSA PRIVATE KEY", body.substring(0, length)));
        }
        for (int at : new int[] {0, 3, 10}) {
            key(
                    table,
                    "changed at " + at,
                    "\"miniprogram-key\"",
                    frame("RSA PRIVATE KEY", body.substring(0, at) + "!" + body.substring(at + 1)));
        }
    }

    private static void projects(List<Case> table) {
        for (String config : List.of(
                "",
                "{",
                "[]",
                "null",
                "7",
                "\"text\"",
                "{\"appid\": }",
                "{appid: 'x'}",
                "not json",
                "{\"a\": 1,}",
                "<xml/>",
                "\u0000",
                "{\"appid\": \"" + Fixture.APP + "\"")) {
            table.add(project(
                    "project.config.json " + config.replace('\u0000', '0'),
                    "project.config.json is not valid JSON",
                    "project.config.json",
                    config));
        }
        for (String id : List.of("wxfedcba9876543210", "wx0", "7", "hello", "wx0123456789abcdef2")) {
            table.add(project(
                    "appid " + id,
                    "Correct the one that is wrong",
                    "project.config.json",
                    "{\"appid\": \"" + id + "\"}"));
        }
        for (String path : List.of("..", "../../etc", "a/../..", "C:/x")) {
            table.add(project(
                    "miniprogramRoot " + path,
                    "project.config.json: miniprogramRoot",
                    "project.config.json",
                    "{\"miniprogramRoot\": \"" + path + "\"}"));
        }
        for (String path : List.of("dist", "dist/build/mp-weixin", "app.json")) {
            table.add(project(
                    "miniprogramRoot " + path,
                    "There are: ",
                    "project.config.json",
                    "{\"miniprogramRoot\": \"" + path + "\"}"));
        }
        table.add(project(
                "an empty miniprogramRoot",
                "There is no app.json in pages",
                "project.config.json",
                "{\"miniprogramRoot\": \"pages/\"}"));
        for (ProjectType type : ProjectType.values()) {
            table.add(new Case("nothing there of " + type.symbol(), "There is no " + type.entryFile(), w -> {
                Files.delete(w.workspace.resolve("app.json"));
                MiniprogramUploadStep step = step();
                step.setType(type.symbol());
                return step;
            }));
        }
        table.add(new Case("an empty workspace", "The workspace is empty", w -> {
            Fixture.delete(w.workspace);
            Files.createDirectories(w.workspace);
            return step();
        }));
        table.add(new Case("app.json in capitals", "There is no app.json", w -> {
            Files.move(w.workspace.resolve("app.json"), w.workspace.resolve("APP.JSON"));
            return step();
        }));
        for (String link : List.of("/etc", "../..", "/")) {
            table.add(new Case("a link to " + link, "leads out of the workspace", w -> {
                Files.createSymbolicLink(w.workspace.resolve("link"), Path.of(link));
                MiniprogramUploadStep step = step();
                step.setProjectPath("link");
                return step;
            }));
        }
        table.add(with("uni-app that is not built", "missing script", s -> {
            s.setAppType("uniapp");
        }));
        table.add(with("uni-app whose build makes nothing", "outputPath \"dist/build/mp-weixin\"", s -> {
            s.setAppType("uniapp");
            s.setBuildCommand("true");
        }));
        table.add(
                with("uni-app whose build makes an empty folder", "There is no app.json in dist/build/mp-weixin", s -> {
                    s.setAppType("uniapp");
                    s.setBuildCommand("mkdir -p dist/build/mp-weixin");
                }));
    }

    private static void builds(List<Case> table) {
        for (int exitCode : new int[] {1, 2, 3, 126, 127, 137, 255}) {
            table.add(with(
                    "buildCommand exits with " + exitCode,
                    "exit code " + exitCode,
                    s -> s.setBuildCommand("echo broken tea >&2; exit " + exitCode)));
            table.add(with(
                    "installCommand exits with " + exitCode,
                    "exit code " + exitCode,
                    s -> s.setInstallCommand("echo broken tea >&2; exit " + exitCode)));
        }
        for (String line : List.of("no-such-command", "cd nowhere", "if", "exit 7 | false", "kill -9 $$", "(")) {
            table.add(with("buildCommand " + line, "exit", s -> s.setBuildCommand(line)));
        }
        for (String full : List.of(
                "ENOSPC: no space left on device, write",
                "No space left on device",
                "Disk quota exceeded",
                "npm ERR! code ENOSPC")) {
            table.add(with(
                    "buildCommand says " + full,
                    "The disk of the agent is full",
                    s -> s.setBuildCommand("echo '" + full + "'; exit 1")));
        }
        table.add(with("install without package.json", "there is no package.json", s -> s.setInstall(true)));
        table.add(new Case("npm fails", "npm ci", w -> {
            Files.writeString(w.workspace.resolve("package.json"), "{}");
            Files.writeString(w.workspace.resolve("package-lock.json"), "{");
            MiniprogramUploadStep step = step();
            step.setInstall(true);
            return step;
        }));
        for (String lock : List.of("pnpm-lock.yaml", "yarn.lock")) {
            table.add(new Case(
                    lock + " without its package manager", "is no command \"" + lock.split("[-.]")[0] + "\"", w -> {
                        Files.writeString(w.workspace.resolve("package.json"), "{}");
                        Files.writeString(w.workspace.resolve(lock), "");
                        MiniprogramUploadStep step = step();
                        step.setInstall(true);
                        return step;
                    }));
        }
        table.add(with("a build that hangs", "Raise timeoutMinutes", s -> {
            s.setBuildCommand("sleep 600");
            s.setTimeoutMinutes(0.01);
        }));
    }

    private static void answers(List<Case> table) {
        service(table, -10008, "invalid ip: 203.0.113.9, hint: x", "IP allowlist");
        service(table, 10008, "invalid ip: 2001:db8::1", "prefer IPv4");
        service(table, 20003, "invalid ip: 198.51.100.7", "198.51.100.7");
        service(table, -10008, "", "IP allowlist");
        service(table, -10006, "invalid signature", "is not the current upload key");
        service(table, 40001, "signature verify fail", "is not the current upload key");
        service(table, 80200, "source size 3000KB exceed max limit 2MB", "Move pages into subpackages");
        service(table, -80200, "", "Move pages into subpackages");
        service(table, 800059, "app.json not found", "buildCommand");
        service(table, -80057, "code is not compiled", "set buildCommand");
        service(table, 80057, "", "set buildCommand");
        service(table, 40013, "invalid appid", "does not know the AppID");
        service(table, 80082, "", "may not use a plugin");
        for (int code : new int[] {
            -1,
            1,
            41001,
            42001,
            45009,
            48001,
            61007,
            80051,
            80058,
            80066,
            80067,
            85001,
            86000,
            87013,
            89019,
            -80002,
            -80011,
            2147483647
        }) {
            service(table, code, "the service says no, hint: [abc]", "WeChat refused: the service says no");
        }
        for (String code : List.of(
                "ECONNREFUSED",
                "ENOTFOUND",
                "EAI_AGAIN",
                "ETIMEDOUT",
                "ESOCKETTIMEDOUT",
                "ECONNRESET",
                "EHOSTUNREACH",
                "ENETUNREACH",
                "EPIPE")) {
            client(
                    table,
                    code,
                    "connect " + code + " 203.0.113.1:443",
                    "upload",
                    "Check its network, DNS and firewall");
        }
        client(table, "", "socket hang up", "upload", "could not be reached");
        client(table, "", "tunneling socket could not be established, cause=x", "upload", "could not be reached");
        client(table, "", "self-signed certificate in certificate chain", "upload", "NODE_EXTRA_CA_CERTS");
        client(table, "", "unable to verify the first certificate", "upload", "NODE_EXTRA_CA_CERTS");
        client(table, "CERT_HAS_EXPIRED", "certificate has expired", "upload", "NODE_EXTRA_CA_CERTS");
        client(table, "", "Unexpected token < in JSON at position 0", "upload", "is not one of WeChat");
        client(table, "", "Unexpected end of JSON input", "upload", "is not one of WeChat");
        client(table, "ENOSPC", "ENOSPC: no space left on device", "compile", "The disk of the agent is full");
        client(table, "NODE_TOO_OLD", "12.22.0", "load", "Node.js 16 or newer");
        client(table, "20002", "sign failed", "compile", "is not the current upload key");
        client(table, "20000", "app.json: not found", "compile", "Check projectPath");
        client(
                table,
                "10009",
                "pages/a.json: [\"usingComponents\"][\"tea\"]: \"/c/tea\" not found",
                "compile",
                "Correct the path");
        for (String code : List.of("10005", "10006", "10007", "10031", "10032", "10045", "10091")) {
            client(table, code, "pages/index/index.js: Unexpected token (3:1)", "compile", "does not compile");
        }
        client(table, "MODULE_NOT_FOUND", "Cannot find module 'miniprogram-ci'", "load", "Install it again");
        client(table, "", "__NO_NODE_MODULES__ NPM packages not found", "npm", "install");
        client(table, "", "", "compile", "miniprogram-ci failed");
        client(
                table,
                "",
                "Error: \u001B[31mred\u001B[0m\n    at Object.<anonymous> (/x/y.js:1:2)\n    at z",
                "compile",
                "miniprogram-ci failed: red");
        client(table, "", "x".repeat(100_000), "compile", "miniprogram-ci failed: xxx");
        client(table, "", "\u0000\u0007\u0008 beep", "compile", "beep");
    }

    private static void deaths(List<Case> table) {
        for (int exitCode : new int[] {0, 1, 2, 7, 134, 139}) {
            table.add(died(
                    "ends with " + exitCode, "ended with exit code " + exitCode, "echo some talk; exit " + exitCode));
        }
        for (String signal : List.of("KILL", "TERM")) {
            table.add(died("is killed by " + signal, "was killed on the agent", "kill -" + signal + " $$"));
        }
        table.add(died("says its disk is full", "The disk of the agent is full", "echo 'ENOSPC: no space'; exit 1"));
        table.add(died(
                "has no memory",
                "ended with exit code 134",
                "echo 'FATAL ERROR: JavaScript heap out of memory'; exit 134"));
        table.add(died("says rubbish", "ended with exit code 3", "echo \"$marker{not json\"; exit 3"));
        table.add(died(
                "says an unknown event",
                "ended with exit code 4",
                "echo \"$marker{\\\"event\\\":\\\"tea\\\"}\"; exit 4"));
        table.add(died("uses another marker", "ended with exit code 5", "echo '@mini-build-0@ result'; exit 5"));
        table.add(died("hangs", "raise timeoutMinutes", "sleep 600"));
        table.add(new Case("node is of long ago", "Node.js 14.21.3 on this agent is too old", w -> {
            w.command("node", "echo v14.21.3");
            return step();
        }));
        table.add(new Case("node cannot start", "ended with exit code 127", w -> {
            w.command("node", "echo 'error while loading shared libraries: libnode.so' >&2; exit 127");
            return step();
        }));
    }

    // ---- how

    private static void key(List<Case> table, String name, String says, String text) {
        table.add(new Case("key: " + name, says, w -> {
            w.build.with(Fixture.secret(Fixture.KEY_ID, text));
            return step();
        }));
    }

    private static String frame(String kind, String body) {
        return "-----BEGIN " + kind + "-----\n" + body.replaceAll("(.{64})", "$1\n") + "\n-----END " + kind + "-----\n";
    }

    private static Case project(String name, String says, String file, String text) {
        return new Case(name, says, w -> {
            Files.writeString(w.workspace.resolve(file), text);
            return step();
        });
    }

    private static Case died(String name, String says, String script) {
        return new Case("miniprogram-ci " + name, says, w -> {
            w.node(script);
            MiniprogramUploadStep step = step();
            step.setTimeoutMinutes(script.startsWith("sleep") ? 0.02 : 1);
            return step;
        });
    }

    private static void service(List<Case> table, int code, String message, String says) {
        ObjectNode event = JSON.createObjectNode()
                .put("event", "error")
                .put("phase", "upload")
                .put("code", "10000")
                .put("message", "Error: {\"errCode\":" + code + ",\"errMsg\":\"" + message + "\"}")
                .put("errCode", code)
                .put("errMsg", message.isEmpty() ? "refused" : message);
        answer(table, "errCode " + code + " " + message, says, event);
    }

    private static void client(List<Case> table, String code, String message, String phase, String says) {
        ObjectNode event = JSON.createObjectNode()
                .put("event", "error")
                .put("phase", phase)
                .put("message", message);
        if (!code.isEmpty()) {
            event.put("code", code);
        }
        String shown = message.length() > 60 ? message.substring(0, 60) : message;
        answer(table, "error " + code + " " + shown.replaceAll("\\p{Cntrl}", "?"), says, event);
    }

    private static void answer(List<Case> table, String name, String says, ObjectNode event) {
        table.add(new Case(name, says, w -> {
            w.answer(event.toString(), 1);
            return step();
        }));
    }

    private static Case with(String name, String says, Change change) {
        return new Case(name, says, w -> {
            MiniprogramUploadStep step = step();
            change.apply(step);
            return step;
        });
    }

    private static MiniprogramUploadStep step() {
        return step(Fixture.APP, "1.0.0");
    }

    private static MiniprogramUploadStep step(String appId, String version) {
        return new MiniprogramUploadStep(appId, Fixture.KEY_ID, version);
    }

    /** A row of the table. */
    static final class Case {
        private final String name;
        private final String says;
        private final Preparation preparation;

        Case(String name, String says, Preparation preparation) {
            this.name = name;
            this.says = says;
            this.preparation = preparation;
        }

        MiniprogramUploadStep prepare(Workplace workplace) throws Exception {
            return preparation.prepare(workplace);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    interface Preparation {
        MiniprogramUploadStep prepare(Workplace workplace) throws Exception;
    }

    @FunctionalInterface
    interface Change {
        void apply(MiniprogramUploadStep step);
    }

    /** A workspace with a sound program, an agent whose node is a script. */
    static final class Workplace {
        final LocalBuild build;
        final Path workspace;
        private final Path bin;

        Workplace(Path root) throws IOException {
            build = LocalBuild.in(root.resolve("build"));
            workspace = build.root().resolve("workspace");
            Files.writeString(workspace.resolve("app.json"), "{\"pages\": [\"pages/index/index\"]}");
            Files.createDirectories(workspace.resolve("pages/index"));
            Files.writeString(workspace.resolve("project.config.json"), "{\"appid\": \"" + Fixture.APP + "\"}");
            bin = Files.createDirectories(root.resolve("bin"));
            Path module = Files.createDirectories(root.resolve("tools/node_modules/miniprogram-ci"));
            Files.writeString(
                    module.resolve("package.json"), "{\"name\": \"miniprogram-ci\", \"version\": \"2.1.42\"}");
            build.with(MiniprogramCiInstallation.class, "ci", root.resolve("tools"));
            build.with(Fixture.secret(Fixture.KEY_ID, PEM));
            build.env("PATH", bin + ":/usr/bin:/bin");
            node("echo v20.0.0");
            command(
                    "npm",
                    "if [ \"$1\" = run ]; then echo 'npm error: missing script: build' >&2; fi\n"
                            + "if [ \"$1\" = --version ]; then echo 9.9.9; exit 0; fi\n"
                            + "echo 'npm error code EUSAGE' >&2; exit 1");
        }

        /** The driver says this and ends. */
        void answer(String event, int exitCode) throws IOException {
            Path file = Files.writeString(bin.resolve("event"), event);
            node("printf '%s%s\\n' \"$marker\" \"$(cat " + file + ")\"\nexit " + exitCode);
        }

        void node(String script) throws IOException {
            command(
                    "node",
                    "if [ \"$1\" = --version ]; then echo v20.0.0; exit 0; fi\n"
                            + "[ -f \"$2\" ] && marker=$(sed 's/.*\"marker\":\"\\([^\"]*\\)\".*/\\1/' \"$2\")\n"
                            + script + "\n");
        }

        private void command(String name, String script) throws IOException {
            Path file = bin.resolve(name);
            Files.writeString(file, "#!/bin/sh\n" + script);
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
    }
}
