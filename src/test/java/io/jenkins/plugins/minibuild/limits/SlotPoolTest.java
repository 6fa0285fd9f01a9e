package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotPoolTest {
    private long sequence;

    private Ticket ticket(String build, Priority priority, int narrowed, boolean queued) {
        sequence++;
        return new Ticket(
                "t" + sequence,
                new Ticket.Owner(build, build, "job/" + build + "/"),
                priority,
                sequence,
                narrowed,
                queued);
    }

    private Ticket ticket(String build) {
        return ticket(build, Priority.NORMAL, 0, false);
    }

    /**
     * Every sequence of requests, releases, aborts, restarts, resizes and passing time keeps: never more granted than
     * there are slots, no waiter forgotten while a slot is free for it, and always the next one in order.
     */
    @Property(tries = 1_000)
    void anySequenceKeepsSlotsWaitersAndOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int slots) {
        check(seed, slots);
    }

    @Property(tries = 10_000)
    @Tag("slow")
    void manySequencesKeepSlotsWaitersAndOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int slots) {
        check(seed, slots);
    }

    private void check(long seed, int slots) {
        Random random = new Random(seed);
        SlotPool pool = new SlotPool(slots, false);
        List<Ticket> waiting = new ArrayList<>();
        List<Ticket> holding = new ArrayList<>();
        int size = slots;
        long now = 1_000_000;
        for (int step = 0; step < 60; step++) {
            now += random.nextInt(3_000);
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    Ticket asked = ticket(
                            "b" + step,
                            Priority.values()[random.nextInt(3)],
                            random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0,
                            random.nextInt(4) == 0);
                    assertThat(pool.request(asked)).isEqualTo(SlotPool.Standing.WAITING);
                    waiting.add(asked);
                }
                case 4, 5 -> {
                    if (!holding.isEmpty()) {
                        Ticket released = holding.remove(random.nextInt(holding.size()));
                        assertThat(pool.remove(released.id())).isTrue();
                    }
                }
                case 6 -> {
                    if (!waiting.isEmpty()) {
                        Ticket aborted = waiting.remove(random.nextInt(waiting.size()));
                        assertThat(pool.remove(aborted.id())).isTrue();
                    }
                }
                default -> {
                    if (random.nextBoolean()) {
                        size = 1 + random.nextInt(5);
                        pool.resize(size);
                    } else {
                        pool = restarted(random, size, waiting, holding, now);
                    }
                }
            }
            checkGrants(pool, size, waiting, holding, now, random);
        }
    }

    /** A new pool is told by the builds, in any order, what they hold and wait for. */
    private SlotPool restarted(Random random, int size, List<Ticket> waiting, List<Ticket> holding, long now) {
        SlotPool fresh = new SlotPool(size, true);
        List<Ticket> all = new ArrayList<>(waiting);
        all.addAll(holding);
        Collections.shuffle(all, random);
        for (Ticket each : all) {
            if (holding.contains(each)) {
                fresh.restore(each, now);
            } else {
                fresh.request(each);
            }
            assertThat(fresh.grant(now, resource -> false)).isEmpty();
        }
        fresh.open();
        return fresh;
    }

    private void checkGrants(
            SlotPool pool, int size, List<Ticket> waiting, List<Ticket> holding, long now, Random random) {
        Set<String> before = new HashSet<>();
        holding.forEach(t -> before.add(t.id()));
        List<Ticket> granted = pool.grant(now, resource -> false);
        List<Ticket> order = new ArrayList<>(waiting);
        order.sort(Ticket.ORDER);
        for (Ticket next : granted) {
            // Whoever stands before it was called without success a moment ago, or is called now.
            for (Ticket earlier : order) {
                if (earlier.equals(next)) {
                    break;
                }
                assertThat(earlier.queued() || granted.contains(earlier))
                        .as("%s overtook %s", next, earlier)
                        .isTrue();
            }
            assertThat(before).doesNotContain(next.id());
            if (next.queued() && random.nextBoolean()) {
                pool.started(next.startedAs(new Ticket.Owner("run", "run", "job/run/1/")), now);
            }
        }
        Set<String> held = new HashSet<>();
        pool.holdings().stream()
                .filter(h -> !h.called())
                .forEach(h -> held.add(h.ticket().id()));
        waiting.removeIf(t -> {
            boolean holds = held.contains(t.id());
            if (holds) {
                holding.add(t);
            }
            return holds;
        });
        assertThat(held).hasSize(holding.size());
        // More than the size only if the pool was made smaller, and then nobody is granted anything.
        if (pool.holdings().size() > size) {
            assertThat(granted).isEmpty();
        }
        // Nobody is forgotten: all who asked and neither have one nor gave up are still there.
        Set<String> known = new HashSet<>();
        pool.waiting().forEach(t -> known.add(t.id()));
        pool.holdings().stream()
                .filter(SlotPool.Holding::called)
                .forEach(h -> known.add(h.ticket().id()));
        assertThat(known).hasSize(waiting.size());
        waiting.forEach(t -> assertThat(known).contains(t.id()));
        // And a slot is free only if the next one may not have it.
        if (pool.holdings().size() < size) {
            for (Ticket next : pool.waiting()) {
                if (next.narrowed() > 0 && pool.holdings().size() >= next.narrowed()) {
                    break;
                }
                assertThat(next.queued()).as("%s is forgotten", next).isTrue();
            }
        }
    }

    @Test
    void theNumberAfterTheLastPlaceIsRefused() {
        SlotPool pool = new SlotPool(1, false);
        pool.request(ticket("holder"));
        pool.grant(0, resource -> false);
        for (int i = 0; i < SlotPool.CAPACITY; i++) {
            assertThat(pool.request(ticket("w" + i))).isEqualTo(SlotPool.Standing.WAITING);
        }
        assertThat(pool.request(ticket("one too many"))).isEqualTo(SlotPool.Standing.REFUSED);
    }

    @Test
    void whoFindsNoExecutorIsPassedOverButKeepsItsPlace() {
        SlotPool pool = new SlotPool(1, false);
        Ticket freestyle = ticket("freestyle", Priority.NORMAL, 0, true);
        Ticket pipeline = ticket("pipeline");
        pool.request(freestyle);
        pool.request(pipeline);
        assertThat(pool.grant(0, resource -> false)).containsExactly(freestyle);
        assertThat(pool.standing(freestyle.id())).isEqualTo(SlotPool.Standing.CALLED);
        assertThat(pool.grant(SlotPool.CALL_MILLIS - 1, resource -> false)).isEmpty();
        assertThat(pool.grant(SlotPool.CALL_MILLIS, resource -> false)).containsExactly(pipeline);
        assertThat(pool.position(freestyle.id())).isEqualTo(1);
        pool.remove(pipeline.id());
        assertThat(pool.grant(3 * SlotPool.CALL_MILLIS, resource -> false)).containsExactly(freestyle);
    }

    @Test
    void higherPrioritiesGoFirst() {
        SlotPool pool = new SlotPool(1, true);
        Ticket low = ticket("low", Priority.LOW, 0, false);
        Ticket normal = ticket("normal");
        Ticket high = ticket("high", Priority.HIGH, 0, false);
        for (Ticket each : List.of(low, normal, high)) {
            pool.request(each);
        }
        assertThat(pool.waiting()).containsExactly(high, normal, low);
        assertThat(pool.grant(0, resource -> false)).isEmpty();
        pool.open();
        assertThat(pool.grant(0, resource -> false)).containsExactly(high);
    }
}
