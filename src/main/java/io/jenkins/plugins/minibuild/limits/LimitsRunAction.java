package io.jenkins.plugins.minibuild.limits;

import hudson.Util;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Shows on the status page of a build which slots it holds and waits for. */
public final class LimitsRunAction extends InvisibleAction {
    private final String owner;

    LimitsRunAction(Run<?, ?> run) {
        this.owner = SlotsAdapter.ownerOf(run);
    }

    /** One line for each slot that the build holds or waits for. */
    public List<String> getLines() {
        List<String> lines = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (SlotPools.View view : SlotsAdapter.get().pools().views()) {
            view.holdings().stream()
                    .filter(h -> h.ticket().owner().equals(owner))
                    .forEach(h -> lines.add(Messages.LimitsRunAction_holds(
                            view.name(), Util.getTimeSpanString(Math.max(0, now - h.since())))));
            String holders = view.holdings().stream()
                    .map(h -> SlotsAdapter.titleFor(h.ticket()))
                    .collect(Collectors.joining(", "));
            for (int i = 0; i < view.waiting().size(); i++) {
                Ticket ticket = view.waiting().get(i);
                if (ticket.owner().equals(owner)) {
                    lines.add(Messages.LimitsRunAction_waits(
                            view.name(),
                            Util.getTimeSpanString(Math.max(0, now - ticket.drawnAt())),
                            i + 1,
                            view.waiting().size(),
                            holders));
                }
            }
        }
        return lines;
    }
}
