package io.jenkins.plugins.minibuild.checkout;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import jenkins.MasterToSlaveFileCallable;

/**
 * What a build has checked out into a folder, by its own record. The record holds a mark that is also in the folder's {@code .git}: every recorded
 * checkout writes a new one, so a build does not take for its own what another build has checked out in the same workspace meanwhile.
 *
 * @param url of the repository
 * @param byStep whether {@code giteeCheckout}, or another step of this plugin, has done it; false for Jenkins' own checkout
 */
public record CheckoutRecord(RepositoryUrl url, boolean byStep) {
    private static final String STEP = "step-";
    private static final String SCM = "scm-";
    private static final String FILE = "mini-build-checkout";
    private static final int MARK_BYTES = 16;

    /** A mark of a checkout by a step of this plugin. */
    static String stepMark(RandomGenerator random) {
        return STEP + digits(random);
    }

    /** A mark of a checkout by Jenkins' own source code management. */
    static String scmMark(RandomGenerator random) {
        return SCM + digits(random);
    }

    private static String digits(RandomGenerator random) {
        byte[] bytes = new byte[MARK_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * The facts of a build that keep the record.
     *
     * @param mark as it is in the folder; empty where the folder takes none
     */
    static Map<Fact, String> facts(String agent, FilePath folder, RepositoryUrl url, String mark) {
        return Map.of(RepositoryAddress.fact(agent, folder), url.text(), markFact(agent, folder), mark);
    }

    private static Fact markFact(String agent, FilePath folder) {
        return new Fact("checkout.mark."
                + Digest.sha256Hex(RepositoryAddress.place(agent, folder)).substring(0, 40));
    }

    /** What this build has checked out into a folder last; empty if it has checked out nothing there, or if it is no longer there. */
    public static Optional<CheckoutRecord> of(BuildContext context, FilePath folder)
            throws IOException, InterruptedException {
        Map<Fact, String> facts = context.record().facts();
        String url = facts.get(RepositoryAddress.fact(context.agent(), folder));
        String mark = facts.getOrDefault(markFact(context.agent(), folder), "");
        if (url == null || mark.isEmpty() || !AgentAnswer.act(folder, new HasMark(mark), Boolean.class)) {
            return Optional.empty();
        }
        return Optional.of(new CheckoutRecord(RepositoryUrl.parse(url), mark.startsWith(STEP)));
    }

    /** Puts a mark into a checkout. Runs on the agent. */
    static void mark(Path folder, String mark) throws IOException {
        Path git = folder.resolve(".git");
        if (!Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path file = git.resolve(FILE);
        // Deleted first: a build may have put a link in its place.
        Files.deleteIfExists(file);
        Files.writeString(file, mark, StandardCharsets.US_ASCII);
    }

    /** Marks what Jenkins' own checkout has put into a folder. */
    static final class MarkWork extends MasterToSlaveFileCallable<Boolean> {
        private static final long serialVersionUID = 1L;

        private final String mark;

        MarkWork(String mark) {
            this.mark = mark;
        }

        @Override
        public Boolean invoke(File folder, VirtualChannel channel) throws IOException {
            mark(folder.toPath(), mark);
            return true;
        }
    }

    /** Whether a folder has the mark. */
    private static final class HasMark extends MasterToSlaveFileCallable<Boolean> {
        private static final long serialVersionUID = 1L;

        private final String mark;

        HasMark(String mark) {
            this.mark = mark;
        }

        @Override
        public Boolean invoke(File folder, VirtualChannel channel) throws IOException {
            Path file = folder.toPath().resolve(".git").resolve(FILE);
            byte[] wanted = mark.getBytes(StandardCharsets.US_ASCII);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) == wanted.length
                    && Arrays.equals(Files.readAllBytes(file), wanted);
        }
    }
}
