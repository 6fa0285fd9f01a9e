package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartJournalTest {
    @TempDir
    Path folder;

    private static StartJournal.Entry entry(int number) {
        return new StartJournal.Entry("key " + number, "{\"n\":" + number + ",\"text\":\"林 \\n\"}");
    }

    /** A crash after any byte: what was stored before it is there, what was done is done, and nothing else appears. */
    @Test
    void aCrashAtAnyByteLosesNothingThatWasStored() throws Exception {
        Random random = new Random(42);
        Path file = folder.resolve("log");
        // The size of the file after each step, and what has to be pending from there on.
        TreeMap<Long, Set<String>> stored = new TreeMap<>();
        Set<String> pending = new HashSet<>();
        Map<String, Long> ids = new LinkedHashMap<>();
        try (StartJournal log = new StartJournal(file, 16 << 20)) {
            stored.put(Files.size(file), Set.of());
            for (int i = 0; i < 25; i++) {
                StartJournal.Entry entry = entry(i);
                ids.put(entry.json(), log.store(List.of(entry)).get(0));
                pending.add(entry.json());
                if (random.nextInt(3) == 0) {
                    String done = new ArrayList<>(pending).get(random.nextInt(pending.size()));
                    log.done(ids.get(done));
                    pending.remove(done);
                }
                log.flush();
                stored.put(Files.size(file), Set.copyOf(pending));
            }
        }
        byte[] all = Files.readAllBytes(file);
        Path torn = folder.resolve("torn");
        for (int size = 0; size <= all.length; size++) {
            Files.write(torn, Arrays.copyOf(all, size));
            Set<String> found;
            int next;
            try (StartJournal log = new StartJournal(torn, 16 << 20)) {
                found = new HashSet<>(log.pending().values());
                next = log.store(List.of(entry(1000))).get(0).intValue();
            }
            Map.Entry<Long, Set<String>> before = stored.floorEntry((long) size);
            Map.Entry<Long, Set<String>> after = stored.ceilingEntry((long) size);
            if (before != null && before.getKey() == size) {
                assertThat(found).as("at byte " + size).isEqualTo(before.getValue());
            } else {
                // Within a step its start, or the start and not yet what was done with it, may be there.
                Set<String> allowed = new HashSet<>(before == null ? Set.of() : before.getValue());
                Set<String> least = new HashSet<>(allowed);
                least.retainAll(after.getValue());
                allowed.addAll(after.getValue());
                allowed.addAll(ids.keySet().stream()
                        .filter(json -> ids.get(json) <= ids.size())
                        .toList());
                assertThat(found).as("at byte " + size).containsAll(least).isSubsetOf(allowed);
            }
            for (String json : found) {
                assertThat(ids.get(json)).as("ids are not given twice").isLessThan(next);
            }
        }
    }

    @Test
    void aBitThatTurnedIsNoLine() throws Exception {
        Path file = folder.resolve("log");
        try (StartJournal log = new StartJournal(file, 16 << 20)) {
            log.store(List.of(entry(1)));
            log.store(List.of(entry(2)));
        }
        byte[] all = Files.readAllBytes(file);
        int at = new String(all, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("\"n\":1") + 4;
        all[at] = '7';
        Files.write(file, all);
        try (StartJournal log = new StartJournal(file, 16 << 20)) {
            assertThat(log.pending().values()).containsExactly(entry(2).json());
        }
    }

    @Test
    void manyWritersShareTheirWritesAndLoseNothing() throws Exception {
        Path file = folder.resolve("log");
        ConcurrentLinkedQueue<Long> ids = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (StartJournal log = new StartJournal(file, 20_000)) {
            CountDownLatch ready = new CountDownLatch(16);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int base = t * 100;
                Thread thread = new Thread(() -> {
                    ready.countDown();
                    try {
                        ready.await();
                        for (int i = 0; i < 100; i++) {
                            long id = log.store(List.of(entry(base + i))).get(0);
                            ids.add(id);
                            if (i % 2 == 0) {
                                log.done(id);
                            }
                        }
                    } catch (IOException | InterruptedException e) {
                        failures.add(e);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            log.flush();
        }
        assertThat(failures).isEmpty();
        assertThat(new HashSet<>(ids)).hasSize(1600);
        try (StartJournal log = new StartJournal(file, 20_000)) {
            assertThat(log.pending()).hasSize(800);
            assertThat(log.keys()).hasSize(1600);
        }
    }

    @Test
    void theFileStaysSmallAndTheQueueIsBounded() throws Exception {
        Path file = folder.resolve("log");
        try (StartJournal log = new StartJournal(file, 100_000)) {
            for (int i = 0; i < 3_000; i++) {
                log.done(log.store(List.of(entry(i % 50))).get(0));
            }
            assertThat(Files.size(file)).isLessThan(200_000);
            List<StartJournal.Entry> many = new ArrayList<>();
            for (int i = 0; i < StartJournal.MOST_PENDING; i++) {
                many.add(entry(i));
            }
            log.store(many);
            assertThatThrownBy(() -> log.store(List.of(entry(1)))).isInstanceOf(StartJournal.FullException.class);
        }
    }
}
