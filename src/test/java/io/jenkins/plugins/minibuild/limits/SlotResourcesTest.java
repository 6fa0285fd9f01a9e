package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tickets that need a resource, such as a robot of miniprogram-ci, besides a slot or inside a block that has one. */
class SlotResourcesTest {
    private static final String ROBOT = "robot wx1#1";

    private final Map<String, Ticket> granted = new LinkedHashMap<>();
    private int sequence;

    private Ticket ticket(SlotPools pools, String build, String... resources) {
        sequence++;
        return new Ticket(
                        build + "-" + sequence,
                        new Ticket.Owner(build, build, ""),
                        Priority.NORMAL,
                        pools.nextSequence(),
                        0,
                        false)
                .with(List.of(resources));
    }

    private Ticket ask(SlotPools pools, Ticket ticket) {
        pools.request("build", ticket, () -> granted.put(ticket.id(), ticket));
        return ticket;
    }

    private static SlotPools pools(int slots) {
        return new SlotPools(Clock.systemUTC(), pool -> slots, Runnable::run, false);
    }

    private boolean has(Ticket ticket) {
        return granted.containsKey(ticket.id());
    }

    @Test
    void aStepThatWaitsForARobotHoldsNoSlot() {
        SlotPools pools = pools(2);
        Ticket first = ask(pools, ticket(pools, "first", ROBOT));
        Ticket second = ask(pools, ticket(pools, "second", ROBOT));
        Ticket other = ask(pools, ticket(pools, "other"));

        assertThat(granted.values()).containsExactly(first, other);
        pools.release(first.id());
        assertThat(has(second)).isTrue();
    }

    @Test
    void aRobotIsSharedByAllPools() {
        SlotPools pools = pools(1);
        Ticket first = ask(pools, ticket(pools, "first", ROBOT));
        Ticket elsewhere = ticket(pools, "elsewhere", ROBOT);
        pools.request("other", elsewhere, () -> granted.put(elsewhere.id(), elsewhere));
        assertThat(has(elsewhere)).isFalse();

        pools.release(first.id());
        assertThat(has(elsewhere)).isTrue();
    }

    @Test
    void aStepInsideABlockWaitsForTheRobotOnly() {
        SlotPools pools = pools(1);
        Ticket block = ask(pools, ticket(pools, "block"));
        Ticket inside = ask(pools, ticket(pools, "block", ROBOT).withoutSlot());
        Ticket again = ask(pools, ticket(pools, "block", ROBOT).withoutSlot());
        assertThat(granted.values()).containsExactly(block, inside);
        assertThat(pools.view("build").holdings()).hasSize(1);

        pools.release(inside.id());
        assertThat(has(again)).isTrue();
    }

    @Test
    void aWaitForARobotOutlivesARestart() throws Exception {
        SlotPools before = pools(1);
        Ticket waiting = ticket(before, "waiting", ROBOT).withoutSlot();
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(stored)) {
            out.writeObject(waiting);
        }
        Ticket read;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(stored.toByteArray()))) {
            read = (Ticket) in.readObject();
        }
        assertThat(read.resources()).containsExactly(ROBOT);
        assertThat(read.slotless()).isTrue();

        SlotPools after = new SlotPools(Clock.systemUTC(), pool -> 1, Runnable::run, true);
        after.restore("build", ticket(after, "holder", ROBOT), 0);
        ask(after, read);
        after.open();
        assertThat(has(read)).isFalse();
        after.releaseOwners("holder"::equals);
        assertThat(has(read)).isTrue();
    }

    /** One block after the other takes the robot inside its slot, while an older step waits for both. */
    @Test
    void blocksThatTakeARobotAgainAndAgainDoNotStarveAStepThatWaitsForBoth() {
        SlotPools pools = pools(2);
        Ticket block = ask(pools, ticket(pools, "block"));
        Ticket inside = ask(pools, ticket(pools, "block", ROBOT).withoutSlot());
        Ticket waiting = ask(pools, ticket(pools, "waiting", ROBOT));
        for (int round = 0; round < 20 && !has(waiting); round++) {
            Ticket nextBlock = ask(pools, ticket(pools, "block" + round));
            Ticket nextInside = has(nextBlock)
                    ? ask(pools, ticket(pools, "block" + round, ROBOT).withoutSlot())
                    : null;
            pools.release(inside.id());
            pools.release(block.id());
            if (nextInside == null) {
                break;
            }
            block = nextBlock;
            inside = nextInside;
        }
        assertThat(has(waiting)).isTrue();
    }

    @Test
    void aRobotThatIsGivenBackLeavesTheSlot() {
        SlotPools pools = pools(1);
        Ticket build = ask(pools, ticket(pools, "build", ROBOT));
        Ticket other = ask(pools, ticket(pools, "other", ROBOT).withoutSlot());
        pools.release(build.id(), Set.of(ROBOT));
        assertThat(has(other)).isTrue();
        assertThat(pools.standing("build", build.id())).isEqualTo(SlotPool.Standing.HOLDING);
    }

    @Test
    void aRobotThatIsKnownLateIsWaitedForAndTheLogSaysForWhom() throws Exception {
        SlotPools pools = new SlotPools(Clock.systemUTC(), pool -> 3, task -> CompletableFuture.runAsync(task), false);
        Ticket user = ask(pools, ticket(pools, "shop #1", ROBOT));
        List<String> log = new ArrayList<>();
        Deadline soon = Deadline.after(Duration.ofMillis(50));
        assertThatThrownBy(() -> SlotTurn.take(
                        pools,
                        "build",
                        ticket(pools, "shop #2", ROBOT).withoutSlot(),
                        soon,
                        () -> "shop #1 uses it",
                        log::add))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining(ROBOT)
                .hasMessageContaining("shop #1 uses it");
        assertThat(log).contains("shop #1 uses it");

        CompletableFuture<BuildContext.Turn> late = CompletableFuture.supplyAsync(() -> {
            try {
                return SlotTurn.take(
                        pools,
                        "build",
                        ticket(pools, "shop #3", ROBOT).withoutSlot(),
                        Deadline.after(Duration.ofMinutes(2)),
                        () -> "",
                        line -> {});
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        pools.release(user.id());
        late.get(1, TimeUnit.MINUTES).close();
        assertThat(pools.user(ROBOT)).as("a wait that ended leaves nothing").isNull();
        assertThat(pools.owners()).isEmpty();
    }

    @Property(tries = 300)
    void noRobotHasTwoHoldersNoSlotWaitsForOneAndAllAreServed(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int slots) {
        check(seed, slots);
    }

    @Property(tries = 5_000)
    @Tag("slow")
    void manySequencesWithRobots(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int slots) {
        check(seed, slots);
    }

    /** Steps and blocks with steps inside come and go in any order; in the end no more come, and all have been served. */
    private void check(long seed, int slots) {
        granted.clear();
        Random random = new Random(seed);
        SlotPools pools = pools(slots);
        List<Ticket> open = new ArrayList<>();
        Map<String, Ticket> insideOf = new LinkedHashMap<>();
        for (int step = 0; step < 80 || !open.isEmpty(); step++) {
            assertThat(step).as("somebody is never served: %s", open).isLessThan(2_000);
            if (step < 80 && (open.isEmpty() || random.nextInt(3) > 0)) {
                String[] robots = random.nextInt(3) == 0
                        ? new String[0]
                        : random.nextInt(4) == 0
                                ? new String[] {"r1", "r2"}
                                : new String[] {"r" + (1 + random.nextInt(2))};
                open.add(ask(pools, ticket(pools, "b" + step, robots)));
            } else {
                finishOne(pools, random, open, insideOf);
            }
            checkHolders(pools, slots);
        }
    }

    private void finishOne(SlotPools pools, Random random, List<Ticket> open, Map<String, Ticket> insideOf) {
        List<Ticket> running = open.stream()
                .filter(this::has)
                .filter(t -> insideOf.values().stream().noneMatch(block -> block.equals(t)))
                .toList();
        assertThat(running)
                .as("somebody always runs, or all wait for each other")
                .isNotEmpty();
        Ticket one = running.get(random.nextInt(running.size()));
        if (one.resources().isEmpty() && !one.slotless() && random.nextInt(3) == 0) {
            // A block: a step inside takes a robot before the block ends.
            Ticket inside = ask(
                    pools,
                    ticket(pools, one.owner(), "r" + (1 + random.nextInt(2))).withoutSlot());
            open.add(inside);
            insideOf.put(inside.id(), one);
            return;
        }
        pools.release(one.id());
        open.remove(one);
        insideOf.remove(one.id());
        granted.remove(one.id());
    }

    private void checkHolders(SlotPools pools, int slots) {
        assertThat(granted.values().stream().flatMap(t -> t.resources().stream()))
                .as("two holders of one robot")
                .doesNotHaveDuplicates();
        SlotPools.View view = pools.view("build");
        assertThat(view.holdings().size()).isLessThanOrEqualTo(slots);
        // What holds a slot holds its robots too: nothing waits with a slot in its hand.
        assertThat(view.holdings()).allMatch(h -> granted.containsKey(h.ticket().id()));
        assertThat(view.waiting()).noneMatch(this::has);
    }
}
