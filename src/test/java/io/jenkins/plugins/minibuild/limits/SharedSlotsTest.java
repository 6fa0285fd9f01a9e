package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Freestyle builds with steps of several pools: a slot of each, or none. */
class SharedSlotsTest {
    private final Map<String, Ticket> granted = new LinkedHashMap<>();
    private int sequence;

    private static SlotPools pools(int slots) {
        return new SlotPools(Clock.systemUTC(), pool -> slots, Runnable::run, false);
    }

    private Ticket ask(SlotPools pools, String build, List<String> names, int narrowed) {
        sequence++;
        Ticket ticket = new Ticket(
                build + "-" + sequence,
                new Ticket.Owner(build, build, ""),
                Priority.NORMAL,
                pools.nextSequence(),
                narrowed,
                false);
        pools.request(names, ticket, () -> granted.put(ticket.id(), ticket));
        return ticket;
    }

    private boolean has(Ticket ticket) {
        return granted.containsKey(ticket.id());
    }

    private static boolean holds(SlotPools pools, String pool, Ticket ticket) {
        return pools.standing(pool, ticket.id()) == SlotPool.Standing.HOLDING;
    }

    /** On the old code each of the two held what the other one waited for. */
    @Test
    void twoJobsWhoseStepsComeInOppositeOrderDoNotWaitForEachOther() {
        SlotPools pools = pools(1);
        Ticket buildFirst = ask(pools, "a", List.of("build", "claude"), 0);
        Ticket claudeFirst = ask(pools, "b", List.of("claude", "build"), 0);
        assertThat(holds(pools, "build", buildFirst) && holds(pools, "claude", buildFirst))
                .isTrue();
        assertThat(holds(pools, "build", claudeFirst) || holds(pools, "claude", claudeFirst))
                .isFalse();
        pools.release(buildFirst.id());
        assertThat(has(claudeFirst)).isTrue();
        assertThat(holds(pools, "build", claudeFirst) && holds(pools, "claude", claudeFirst))
                .isTrue();
    }

    @Test
    void whileOnePoolIsFullTheNextOnesTakeTheSlotsOfTheOtherButNotForEver() {
        SlotPools pools = pools(1);
        Ticket holder = ask(pools, "holder", List.of("claude"), 0);
        Ticket both = ask(pools, "both", List.of("build", "claude"), 0);
        for (int i = 0; i < SlotPool.OVERTAKES; i++) {
            Ticket small = ask(pools, "small", List.of("build"), 0);
            assertThat(has(small)).isTrue();
            pools.release(small.id());
        }
        Ticket late = ask(pools, "late", List.of("build"), 0);
        assertThat(has(late)).as("the slot is kept for the build that waits").isFalse();
        pools.release(holder.id());
        assertThat(has(both)).isTrue();
        pools.release(both.id());
        assertThat(has(late)).isTrue();
    }

    @Test
    void theNumberOfBuildsThatAJobAllowsIsThatOfItsOwnPool() {
        SlotPools pools = pools(3);
        Ticket claude = ask(pools, "claude", List.of("claude"), 0);
        Ticket both = ask(pools, "both", List.of("build", "claude"), 1);
        assertThat(has(claude) && has(both)).isTrue();
        assertThat(has(ask(pools, "again", List.of("build", "claude"), 1))).isFalse();
    }

    @Test
    void aFullQueueOfOnePoolLeavesNothingInTheOther() {
        SlotPools pools = pools(1);
        for (int i = 0; i <= SlotPool.CAPACITY; i++) {
            ask(pools, "many", List.of("claude"), 0);
        }
        Ticket refused = new Ticket("r", new Ticket.Owner("r", "r", ""), Priority.LOW, 1, 0, false);
        assertThat(pools.request(List.of("build", "claude"), refused, () -> {})).isEqualTo(SlotPool.Standing.REFUSED);
        assertThat(pools.standing("build", "r")).isNull();
        assertThat(pools.standing("claude", "r")).isNull();
    }

    @Test
    void aFullPoolIsKnownBeforeABuildStarts() {
        SlotPools pools = pools(1);
        for (int i = 0; i < SlotPool.CAPACITY; i++) {
            ask(pools, "shop#" + i, List.of("claude"), 0);
        }
        assertThat(pools.full(List.of("claude"), owner -> false))
                .as("one holds, so there is a last place")
                .isNull();
        Ticket last = ask(pools, "other#1", List.of("claude"), 0);
        assertThat(pools.full(List.of("claude"), owner -> false)).isEqualTo("claude");
        assertThat(pools.full(List.of(), owner -> owner.startsWith("shop#")))
                .as("a Pipeline is known by the builds that wait")
                .isEqualTo("claude");
        assertThat(pools.full(List.of("build"), owner -> owner.startsWith("docs#")))
                .as("a job that uses another pool")
                .isNull();
        pools.release(last.id());
        assertThat(pools.full(List.of("claude"), owner -> false)).isNull();
    }

    /** An item that found no executor is let past in all its pools, and a build that starts holds all of them. */
    @Test
    void aBuildThatLeavesTheQueueHoldsAllItsSlots() {
        SlotPools pools = pools(1);
        Ticket item =
                new Ticket("q", new Ticket.Owner("queue:1", "q", ""), Priority.NORMAL, pools.nextSequence(), 0, true);
        List<String> names = List.of("build", "claude");
        pools.request(names, item, () -> {});
        assertThat(pools.standing("claude", "q")).isEqualTo(SlotPool.Standing.CALLED);
        pools.started(names, item.startedAs(new Ticket.Owner("job#1", "job #1", "")));
        pools.releaseOwners("queue:1"::equals);
        assertThat(pools.standing("build", "q")).isEqualTo(SlotPool.Standing.HOLDING);
        assertThat(pools.standing("claude", "q")).isEqualTo(SlotPool.Standing.HOLDING);
        pools.releaseOwners("job#1"::equals);
        assertThat(pools.owners()).isEmpty();
    }

    @Property(tries = 200)
    void inAnyOrderEveryBuildGetsAllItsSlotsAndNoPoolTooMany(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int slots) {
        Random random = new Random(seed);
        granted.clear();
        SlotPools pools = pools(slots);
        List<String> all = List.of("a", "b", "c");
        Map<Ticket, List<String>> asked = new LinkedHashMap<>();
        List<Ticket> holding = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            if (random.nextInt(3) > 0) {
                List<String> names = new ArrayList<>(all);
                java.util.Collections.shuffle(names, random);
                names = names.subList(0, 1 + random.nextInt(3));
                asked.put(ask(pools, "x", names, random.nextInt(5) == 0 ? 1 : 0), names);
            } else if (!holding.isEmpty()) {
                pools.release(holding.remove(random.nextInt(holding.size())).id());
            }
            holding.addAll(granted.values());
            granted.clear();
            check(pools, slots, asked);
        }
        // Builds end: in the end all have had their turn.
        while (!holding.isEmpty()) {
            pools.release(holding.remove(0).id());
            holding.addAll(granted.values());
            granted.clear();
            check(pools, slots, asked);
        }
        assertThat(pools.owners()).isEmpty();
    }

    private static void check(SlotPools pools, int slots, Map<Ticket, List<String>> asked) {
        asked.forEach((ticket, names) -> assertThat(names.stream()
                        .map(name -> pools.standing(name, ticket.id()))
                        .distinct())
                .as("all or none")
                .hasSize(1));
        pools.views().forEach(view -> assertThat(view.holdings()).hasSizeLessThanOrEqualTo(slots));
    }
}
