package io.jenkins.plugins.minibuild.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.files.TextSearch;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {
    private static final String SECRET = "s3cr3t-value-x";

    @TempDir
    Path dir;

    private static LogStore store(Path dir, Redactor redactor, long most) throws IOException {
        return new LogStore(new RunFolder(dir, 1), redactor, most, () -> 1_700_000_000_000L);
    }

    private LogStore store() throws IOException {
        return store(dir, new Redactor(), 1 << 30);
    }

    private LogReader reader(int job, int step) {
        return LogReader.of(new RunFolder(dir, 1), job, step);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String content(int job, int step) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reader(job, step).copy(0, Long.MAX_VALUE, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void keepsWhatComesOnceAlthoughItIsSentTwice() throws IOException {
        try (LogStore store = store()) {
            store.append(2, 1, "p", 0, bytes("one\ntw"));
            store.append(2, 1, "p", 0, bytes("one\ntw"));
            store.append(2, 1, "p", 4, bytes("two\n"));
            assertThat(store.known(2, 1, "p")).isEqualTo(8);
            store.end(2, 1);
        }
        assertThat(content(2, 1)).isEqualTo("one\ntwo\n");
        assertThat(reader(2, 1).size()).isEqualTo(new LogReader.Size(8, 2, false, 2));
    }

    @Test
    void refusesAGapAndSaysFromWhereToSend() throws IOException {
        try (LogStore store = store()) {
            store.append(0, 0, "p", 0, bytes("one"));
            assertThatThrownBy(() -> store.append(0, 0, "p", 4, bytes("x")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("byte 4")
                    .hasMessageContaining("up to 3");
            store.append(0, 0, "p", 3, bytes("two"));
        }
        assertThat(content(0, 0)).isEqualTo("onetwo");
    }

    @Test
    void masksASecretAcrossPiecesAndAcrossANewWriter() throws IOException {
        Redactor redactor = new Redactor();
        redactor.add(SECRET);
        byte[] text = bytes("begin " + SECRET + " end\n");
        try (LogStore store = store(dir, redactor, 1 << 20)) {
            for (int i = 0; i < 12; i++) {
                store.append(0, 0, "p", i, new byte[] {text[i]});
            }
            assertThat(store.known(0, 0, "p")).isEqualTo(6);
            store.note(0, 0, "the agent is away");
        }
        assertThat(content(0, 0)).isEqualTo("begin \nthe agent is away\n");
        try (LogStore store = store(dir, redactor, 1 << 20)) {
            assertThat(store.known(0, 0, "p")).isEqualTo(6);
            store.append(0, 0, "p", 6, Arrays.copyOfRange(text, 6, text.length));
            store.end(0, 0);
        }
        assertThat(content(0, 0)).isEqualTo("begin \nthe agent is away\n**** end\n");
    }

    @Test
    void whatMightHaveBecomeASecretIsKeptAtTheEnd() throws IOException {
        Redactor redactor = new Redactor();
        redactor.add(SECRET);
        try (LogStore store = store(dir, redactor, 1 << 20)) {
            store.append(0, 0, "p", 0, bytes("s3cr"));
            store.end(0, 0);
            assertThat(store.known(0, 0, "p")).isEqualTo(4);
        }
        assertThat(content(0, 0)).isEqualTo("s3cr");
    }

    @Test
    void anotherAttemptBeginsAtZeroAndFollowsTheFirst() throws IOException {
        try (LogStore store = store()) {
            store.append(0, 0, "a", 0, bytes("first\n"));
            assertThat(store.known(0, 0, "b")).isZero();
            store.append(0, 0, "b", 0, bytes("second\n"));
            assertThat(store.known(0, 0, "b")).isEqualTo(7);
        }
        assertThat(content(0, 0)).isEqualTo("first\nsecond\n");
    }

    @Test
    void ofALongLogTheBeginningAndANoticeAreKept() throws IOException {
        byte[] much = new byte[5 << 20];
        Arrays.fill(much, (byte) 'a');
        try (LogStore store = store(dir, new Redactor(), 1 << 20)) {
            store.append(0, 0, "p", 0, Arrays.copyOf(much, 1 << 20));
            assertThat(content(0, 0)).hasSize(1 << 20);
            store.append(0, 0, "p", 1 << 20, much);
            store.append(0, 0, "p", 6 << 20, bytes("more\n"));
            store.end(0, 0);
            assertThat(store.known(0, 0, "p")).isEqualTo((6 << 20) + 5);
        }
        String kept = content(0, 0);
        assertThat(kept)
                .hasSizeLessThan((1 << 20) + 300)
                .endsWith("not kept.\n")
                .contains("longer than 1 MiB");
        try (LogStore store = store(dir, new Redactor(), 1 << 20)) {
            store.append(0, 0, "p", (6 << 20) + 5, bytes("still\n"));
            store.end(0, 0);
        }
        assertThat(content(0, 0)).isEqualTo(kept);
    }

    @Test
    void aStreamOfTheControllersOwnIsMaskedToo() throws IOException {
        Redactor redactor = new Redactor();
        redactor.add(SECRET);
        try (LogStore store = store(dir, redactor, 1 << 20)) {
            try (OutputStream out = store.stream(1, 0, "uses-1")) {
                out.write(bytes("a " + SECRET.substring(0, 3)));
                out.write(bytes(SECRET.substring(3) + "\n"));
            }
        }
        assertThat(content(1, 0)).isEqualTo("a ****\n");
    }

    @Test
    void manyLogsAreWrittenAtOnceWithFewFilesOpen() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (LogStore store = store()) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int first = thread;
                all.add(threads.submit(() -> {
                    for (int round = 0; round < 20; round++) {
                        for (int job = first; job < 300; job += 8) {
                            byte[] line = bytes("job " + job + " line " + round + "\n");
                            store.append(job, 0, "p", store.known(job, 0, "p"), line);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            long open;
            try (var files = Files.list(Path.of("/proc/self/fd"))) {
                open = files.filter(each -> {
                            try {
                                return Files.readSymbolicLink(each).startsWith(dir);
                            } catch (IOException e) {
                                return false;
                            }
                        })
                        .count();
            }
            assertThat(open).isLessThanOrEqualTo(2 * 110);
        } finally {
            threads.shutdownNow();
        }
        for (int job : new int[] {0, 150, 299}) {
            assertThat(reader(job, 0).lines(20, 5, 1 << 20))
                    .containsExactly(new LogReader.Line(20, "job " + job + " line 19", false));
        }
        List<Integer> steps = java.util.Collections.nCopies(300, 1);
        List<LogReader.Chunk> chunks = LogReader.chunks(new RunFolder(dir, 1), steps, 1000, 50);
        assertThat(chunks)
                .extracting(LogReader.Chunk::seq)
                .isEqualTo(java.util.stream.LongStream.rangeClosed(1001, 1050)
                        .boxed()
                        .toList());
        assertThat(new String(chunks.get(0).content(), StandardCharsets.UTF_8))
                .startsWith("job " + chunks.get(0).job() + " line ");
    }

    /** What a killed controller leaves: the log up to anywhere behind the last whole record, and the index up to any byte. */
    @Property(tries = 200)
    void afterAKillAtAnyByteTheWriterGoesOnExactlyOnce(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("logs");
        Random random = new Random(seed);
        Redactor redactor = new Redactor();
        redactor.add(SECRET);
        StringBuilder text = new StringBuilder();
        while (text.length() < 3000) {
            text.append(
                    switch (random.nextInt(5)) {
                        case 0 -> SECRET;
                        case 1 -> SECRET.substring(0, random.nextInt(SECRET.length()));
                        case 2 -> "\n";
                        default -> "word".repeat(random.nextInt(30));
                    });
        }
        byte[] sent = bytes(text.toString());
        RunFolder run = new RunFolder(folder, 1);
        Path log = run.log(0, 0);
        Path index = LogIndex.path(log);
        for (int life = 0; life < 6; life++) {
            try (LogStore store = store(folder, redactor, 1 << 20)) {
                int at = (int) store.known(0, 0, "p");
                for (int i = random.nextInt(10); i > 0 && at < sent.length; i--) {
                    int to = Math.min(sent.length, at + 1 + random.nextInt(200));
                    store.append(0, 0, "p", at, Arrays.copyOfRange(sent, at, to));
                    at = to;
                }
            }
            if (Files.exists(index) && Files.size(index) > 0) {
                long kept = Files.size(index) - random.nextInt((int) Math.min(Files.size(index), 100));
                long whole = kept / LogIndex.RECORD;
                long end;
                try (LogIndex read = LogIndex.open(log)) {
                    end = read.get(whole - 1).end();
                }
                cut(index, kept);
                cut(log, end + random.nextInt((int) (Files.size(log) - end) + 1));
            }
        }
        try (LogStore store = store(folder, redactor, 1 << 20)) {
            int at = (int) store.known(0, 0, "p");
            store.append(0, 0, "p", at, Arrays.copyOfRange(sent, at, sent.length));
            store.end(0, 0);
        }
        String expected = redactor.redact(text.toString());
        assertThat(Files.readString(log)).isEqualTo(expected);
        LogReader reader = LogReader.of(run, 0, 0);
        List<String> lines = expected.lines().toList();
        assertThat(reader.size().lines()).isEqualTo(lines.size());
        assertThat(reader.lines(1, Integer.MAX_VALUE, Long.MAX_VALUE))
                .extracting(LogReader.Line::text)
                .isEqualTo(lines);
        int from = 1 + random.nextInt(lines.size());
        assertThat(reader.lines(from, 3, Long.MAX_VALUE))
                .extracting(LogReader.Line::text)
                .isEqualTo(lines.subList(from - 1, Math.min(lines.size(), from + 2)));
    }

    private static void cut(Path file, long length) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(length);
        }
    }

    @Property(tries = 100)
    void countsLineEndsAsALoopWould(
            @ForAll byte[] given, @ForAll @net.jqwik.api.constraints.IntRange(max = 9) int skip) {
        byte[] bytes = Arrays.copyOf(given, given.length + skip);
        int from = Math.min(skip, bytes.length);
        long expected = 0;
        for (int i = from; i < bytes.length; i++) {
            expected += bytes[i] == '\n' ? 1 : 0;
        }
        assertThat(StepLog.lineEnds(bytes, from, bytes.length - from)).isEqualTo(expected);
        Arrays.fill(bytes, (byte) '\n');
        assertThat(StepLog.lineEnds(bytes, from, bytes.length - from)).isEqualTo(bytes.length - from);
    }

    @Test
    void linesOfAnyLengthAreReadWithoutBeingHeld() throws IOException {
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        try (LogStore store = store()) {
            store.append(0, 0, "p", 0, bytes("before\n"));
            long at = 7;
            for (int i = 0; i < 20; i++) {
                store.append(0, 0, "p", at, block);
                at += block.length;
            }
            store.append(0, 0, "p", at, bytes("\nafter\nopen"));
            store.end(0, 0);
        }
        LogReader reader = reader(0, 0);
        assertThat(reader.size().lines()).isEqualTo(4);
        assertThat(reader.size().open()).isTrue();
        List<LogReader.Line> lines = reader.lines(1, 10, Long.MAX_VALUE);
        assertThat(lines).extracting(LogReader.Line::number).containsExactly(1L, 2L, 3L, 4L);
        assertThat(lines.get(1).text()).isEqualTo("x".repeat(LogReader.LINE));
        assertThat(lines.get(1).cut()).isTrue();
        assertThat(lines.get(2).text()).isEqualTo("after");
        assertThat(lines.get(3).text()).isEqualTo("open");
        assertThat(reader.tail(2, 1 << 20)).extracting(LogReader.Line::text).containsExactly("after", "open");
        assertThat(reader.lines(1, 10, 100)).hasSize(2);
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        reader.copy(4, 5, part);
        assertThat(part.toString(StandardCharsets.UTF_8)).isEqualTo("re\nxx");
    }

    @Test
    void searchFindsBehindColoursStopsInTimeAndGoesOn() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 5000; i++) {
            text.append(i % 1000 == 0 ? "an \u001b[31mErr\u001b[0mor " + i : "line " + i)
                    .append('\n');
        }
        try (LogStore store = store()) {
            store.append(0, 0, "p", 0, bytes(text.toString()));
        }
        LogReader reader = reader(0, 0);
        LogReader.Found all = reader.search(TextSearch.text("eRROR"), 1, 100, Deadline.never());
        assertThat(all.lines()).extracting(LogReader.Line::number).containsExactly(1000L, 2000L, 3000L, 4000L, 5000L);
        assertThat(all.over()).isTrue();
        assertThat(reader.search(TextSearch.regex("^an .*4\\d+$"), 1, 100, Deadline.never())
                        .lines())
                .extracting(LogReader.Line::number)
                .containsExactly(4000L);

        LogReader.Found two = reader.search(TextSearch.text("error"), 1, 2, Deadline.never());
        assertThat(two.over()).isFalse();
        assertThat(two.next()).isEqualTo(2001);
        LogReader.Found none = reader.search(TextSearch.text("nothing"), 1, 2, Deadline.after(Duration.ZERO));
        assertThat(none.over()).isFalse();
        assertThat(none.next()).isEqualTo(257);
        assertThatThrownBy(() -> TextSearch.regex("(")).hasMessageContaining("no regular expression");
        assertThatThrownBy(() -> TextSearch.regex("((a{100}){100}){10}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLogThatIsNotThereIsEmpty() throws IOException {
        assertThat(reader(7, 7).size()).isEqualTo(LogReader.Size.NONE);
        assertThat(reader(7, 7).lines(1, 10, 100)).isEmpty();
        assertThat(reader(7, 7)
                        .search(TextSearch.text("x"), 1, 1, Deadline.never())
                        .over())
                .isTrue();
    }
}
