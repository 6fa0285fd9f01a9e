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

class IntakeLogTest {
    @TempDir
    Path folder;

    private static IntakeLog.Promise promise(int number) {
        return new IntakeLog.Promise("key " + number, "{\"n\":" + number + ",\"text\":\"林 \\n\"}");
    }

    /** A crash after any byte: what was promised before it is there, what was done is done, and nothing else appears. */
    @Test
    void aCrashAtAnyByteLosesNothingThatWasPromised() throws Exception {
        Random random = new Random(42);
        Path file = folder.resolve("log");
        // The size of the file after each step, and what has to be pending from there on.
        TreeMap<Long, Set<String>> promised = new TreeMap<>();
        Set<String> pending = new HashSet<>();
        Map<String, Long> ids = new LinkedHashMap<>();
        try (IntakeLog log = new IntakeLog(file)) {
            promised.put(Files.size(file), Set.of());
            for (int i = 0; i < 25; i++) {
                IntakeLog.Promise promise = promise(i);
                ids.put(promise.json(), log.promise(List.of(promise)).get(0));
                pending.add(promise.json());
                if (random.nextInt(3) == 0) {
                    String done = new ArrayList<>(pending).get(random.nextInt(pending.size()));
                    log.done(ids.get(done));
                    pending.remove(done);
                }
                log.flush();
                promised.put(Files.size(file), Set.copyOf(pending));
            }
        }
        byte[] all = Files.readAllBytes(file);
        Path torn = folder.resolve("torn");
        for (int size = 0; size <= all.length; size++) {
            Files.write(torn, Arrays.copyOf(all, size));
            Set<String> found;
            int next;
            try (IntakeLog log = new IntakeLog(torn)) {
                found = new HashSet<>(log.pending().values());
                next = log.promise(List.of(promise(1000))).get(0).intValue();
            }
            Map.Entry<Long, Set<String>> before = promised.floorEntry((long) size);
            Map.Entry<Long, Set<String>> after = promised.ceilingEntry((long) size);
            if (before != null && before.getKey() == size) {
                assertThat(found).as("at byte " + size).isEqualTo(before.getValue());
            } else {
                // Within a step its promise, or the promise and not yet what was done with it, may be there.
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
        try (IntakeLog log = new IntakeLog(file)) {
            log.promise(List.of(promise(1)));
            log.promise(List.of(promise(2)));
        }
        byte[] all = Files.readAllBytes(file);
        int at = new String(all, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("\"n\":1") + 4;
        all[at] = '7';
        Files.write(file, all);
        try (IntakeLog log = new IntakeLog(file)) {
            assertThat(log.pending().values()).containsExactly(promise(2).json());
        }
    }

    @Test
    void manyWritersShareTheirWritesAndLoseNothing() throws Exception {
        Path file = folder.resolve("log");
        ConcurrentLinkedQueue<Long> ids = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (IntakeLog log = new IntakeLog(file, 20_000)) {
            CountDownLatch ready = new CountDownLatch(16);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int base = t * 100;
                Thread thread = new Thread(() -> {
                    ready.countDown();
                    try {
                        ready.await();
                        for (int i = 0; i < 100; i++) {
                            long id = log.promise(List.of(promise(base + i))).get(0);
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
        try (IntakeLog log = new IntakeLog(file, 20_000)) {
            assertThat(log.pending()).hasSize(800);
            assertThat(log.keys()).hasSize(1600);
        }
    }

    @Test
    void theFileStaysSmallAndTheQueueIsBounded() throws Exception {
        Path file = folder.resolve("log");
        try (IntakeLog log = new IntakeLog(file, 100_000)) {
            for (int i = 0; i < 3_000; i++) {
                log.done(log.promise(List.of(promise(i % 50))).get(0));
            }
            assertThat(Files.size(file)).isLessThan(200_000);
            List<IntakeLog.Promise> many = new ArrayList<>();
            for (int i = 0; i < IntakeLog.MOST_PENDING; i++) {
                many.add(promise(i));
            }
            log.promise(many);
            assertThatThrownBy(() -> log.promise(List.of(promise(1)))).isInstanceOf(IntakeLog.FullException.class);
        }
    }

    @Test
    void whatTheDiskDoesNotTakeIsNotPromised() throws Exception {
        // Written anew for every promise, and something is in the way of that.
        IntakeFixture fixture = new IntakeFixture(folder, Runnable::run, 0);
        Path obstacle = folder.resolve("intake.log.new");
        Call call = IntakeFixture.signed(
                Provider.GITEE, "Push Hook", IntakeFixture.file("gitee-push"), IntakeFixture.SECRET, fixture.now);
        Files.createDirectory(obstacle);
        Answer answer = fixture.call(call);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(fixture.started).isEmpty();
        assertThat(fixture.log.pending()).isEmpty();
        Files.delete(obstacle);
        assertThat(fixture.call(call).status()).as("it may be sent again").isEqualTo(202);
        assertThat(new IntakeFixture(folder).log.keys()).hasSize(1);
    }

    @Test
    void whatWasPromisedAndNotDoneIsThereAfterARestart() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        fixture.keepsPromises = false;
        Call call = IntakeFixture.signed(
                Provider.GITEE, "Push Hook", IntakeFixture.file("gitee-push"), IntakeFixture.SECRET, fixture.now);
        assertThat(fixture.call(call).status()).isEqualTo(202);
        // No closing: as after a crash.
        IntakeFixture restarted = new IntakeFixture(folder);
        List<Start> left = restarted.intake.leftOver();
        assertThat(left).hasSize(1);
        assertThat(left.get(0)).isEqualTo(fixture.started.get(0));
        restarted.intake.done(left.get(0), Reason.QUEUED, "job/shop/1/");
        restarted.log.flush();
        assertThat(new IntakeFixture(folder).intake.leftOver()).isEmpty();
    }
}
