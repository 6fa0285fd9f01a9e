package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotPoolsTest {
    private final List<String> started = new ArrayList<>();
    private int size = 1;
    private final SlotPools pools = new SlotPools(Clock.systemUTC(), pool -> size, Runnable::run, false);

    private Ticket ask(SlotPools of, String build, boolean queued) {
        Ticket ticket = new Ticket(
                "id-" + build, new Ticket.Owner(build, build, ""), Priority.NORMAL, of.nextSequence(), 0, queued);
        of.request("build", ticket, () -> started.add(build));
        return ticket;
    }

    @Test
    void aFreedSlotStartsTheNextOne() {
        Ticket first = ask(pools, "first", false);
        ask(pools, "second", false);
        assertThat(started).containsExactly("first");
        pools.release(first.id());
        assertThat(started).containsExactly("first", "second");
    }

    @Test
    void poolsDoNotShareSlots() {
        ask(pools, "first", false);
        pools.request(
                "claude",
                new Ticket(
                        "c", new Ticket.Owner("other", "other", ""), Priority.NORMAL, pools.nextSequence(), 0, false),
                () -> started.add("other"));
        assertThat(started).containsExactly("first", "other");
    }

    @Test
    void whatBuildsHaveThatDoNotRunIsGivenBack() {
        ask(pools, "gone", false);
        ask(pools, "also gone", false);
        ask(pools, "next", false);
        pools.releaseOwners(owner -> owner.contains("gone"));
        assertThat(started).containsExactly("gone", "next");
    }

    @Test
    void aLargerPoolStartsMoreAtOnce() {
        ask(pools, "first", false);
        ask(pools, "second", false);
        size = 2;
        pools.review();
        assertThat(started).containsExactly("first", "second");
    }

    @Test
    void nothingIsGrantedBeforeTheBuildsAreLoaded() {
        SlotPools closed = new SlotPools(Clock.systemUTC(), pool -> 1, Runnable::run, true);
        Ticket waiter = ask(closed, "waiter", false);
        closed.restore(
                "build", new Ticket("h", new Ticket.Owner("holder", "holder", ""), Priority.LOW, 1, 0, false), 0);
        closed.open();
        assertThat(started).isEmpty();
        assertThat(closed.position("build", waiter.id())).isEqualTo(1);
        closed.release("h");
        assertThat(started).containsExactly("waiter");
    }

    @Test
    void aNestedBlockIsKnownByTheOneAroundIt() {
        Ticket holder = ask(pools, "build#1", false);
        assertThat(pools.holdsAny("build", Set.of("x", holder.id()), "build#1")).isTrue();
        assertThat(pools.holdsAny("build", Set.of(holder.id()), "build#2")).isFalse();
        assertThat(pools.holdsAny("claude", Set.of(holder.id()), "build#1")).isFalse();
    }

    @Test
    void anItemOfTheQueueHandsItsSlotToItsBuild() {
        Ticket item = ask(pools, "queue:7", true);
        assertThat(pools.standing("build", item.id())).isEqualTo(SlotPool.Standing.CALLED);
        pools.started(List.of("build"), item.startedAs(new Ticket.Owner("job#1", "job #1", "job/job/1/")));
        pools.releaseOwners(owner -> owner.startsWith("queue:"));
        assertThat(pools.view("build").holdings())
                .singleElement()
                .satisfies(h -> assertThat(h.ticket().title()).isEqualTo("job #1"));
    }
}
