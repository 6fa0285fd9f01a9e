package io.jenkins.plugins.minibuild.standin;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.AgentCallables;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs a step again and again on agents that lie, or never answer, about one callable each. Whatever comes, the step ends in its result or in an error for people, and
 * what is not the build's own stays as it was.
 */
public final class HostileTrial {
    /** A build that is ready to run, with all that it needs. */
    public interface Subject extends AutoCloseable {
        LocalBuild build();

        void run() throws Exception;
    }

    /** Makes a new one. */
    @FunctionalInterface
    public interface Setting {
        /** @param folder for all of its files; the build's own are in its folder {@code build} */
        Subject open(Path folder) throws Exception;
    }

    /** Of the agent, of services, of the build itself, and what the controller keeps of builds under names of its own. */
    private static final Pattern OWN = Pattern.compile(
            "build/(workspace|workspace@tmp|agent|builds/1)/.*|(ca|npm|gitee)/.*"
                    + "|build/controller/(claude-budget[.]json|(reviews|codegen-open|tools|claude-profiles)/[0-9a-z-]+[.]json)");

    private final Path root;
    private final Setting setting;
    private int runs;

    /** @param root an empty folder */
    public HostileTrial(Path root, Setting setting) {
        this.root = root;
        this.setting = setting;
    }

    /** The callables that the step asks an honest agent. */
    public List<Class<?>> asked() throws Exception {
        HostileAgent honest = HostileAgent.honest();
        try (Subject subject = open()) {
            subject.build().on(honest.channel());
            subject.run();
        }
        Set<String> ours = new TreeSet<>();
        AgentCallables.callables().forEach(each -> ours.add(each.getName()));
        return honest.asked().stream()
                .filter(each -> ours.contains(each.getName()))
                .toList();
    }

    /** The step ends when the agent never answers one of these, and says so; one that can do without may go on. */
    public void neverAnswers(List<Class<?>> callables) throws Exception {
        List<String> said = new ArrayList<>();
        for (Class<?> each : callables) {
            HostileAgent agent = HostileAgent.silentOn(each);
            try (Subject subject = open()) {
                subject.build().on(agent.channel());
                try {
                    subject.run();
                } catch (IOException e) {
                    said.add(e.getMessage());
                    assertThat(e).as(each.getName()).hasMessageContaining("did not answer within");
                }
            }
            assertThat(agent.lies()).as(each.getName()).isPositive();
        }
        assertThat(said).as("not all can do without").isNotEmpty();
    }

    /** Nothing is harmed when the agent answers these with nothing, or with the worst value of their type. */
    public void lies(List<Class<?>> callables) throws Exception {
        for (Class<?> each : callables) {
            List<Object> worst = WorstValues.of(AgentCallables.answer(each)).stream()
                    .filter(value -> !(value instanceof String text && text.length() > 1_000_000))
                    .toList();
            // Nothing, and the last value that has the type; AgentAnswersTest has all others.
            lie(each, null);
            lie(each, worst.get(Math.max(0, worst.size() - 7)));
        }
    }

    private void lie(Class<?> callable, Object answer) throws Exception {
        HostileAgent agent = HostileAgent.answering(callable, answer);
        try (Subject subject = open()) {
            Path top = subject.build().root().getParent();
            Files.writeString(top.resolve("config.xml"), "secure");
            Files.createDirectories(top.resolve("build/builds/99"));
            Files.writeString(top.resolve("build/builds/99/log"), "of another build");
            Files.writeString(top.resolve("build/controller/config.xml"), "secure");
            subject.build().on(agent.channel());
            Map<String, String> before = elsewhere(top);
            try {
                subject.run();
            } catch (AbortException e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (IOException e) {
                assertThat(e).as(callable.getName()).hasMessageContaining("agent");
            }
            assertThat(elsewhere(top)).as(callable.getName()).isEqualTo(before);
        }
        assertThat(agent.lies()).as(callable.getName()).isPositive();
    }

    private Subject open() throws Exception {
        return setting.open(Files.createDirectories(root.resolve("run-" + runs++)));
    }

    /** All other files with the digests of their content. */
    private static Map<String, String> elsewhere(Path top) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                String name = top.relativize(each).toString();
                if (!OWN.matcher(name).matches()) {
                    found.put(name, Digest.sha256Hex(Files.readString(each, StandardCharsets.ISO_8859_1)));
                }
            }
        }
        return found;
    }
}
