package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import java.util.List;

/** Tells admins of channels that deliver nothing. */
@Extension
public final class NotifyMonitorAdapter extends AdministrativeMonitor {
    @Override
    public String getDisplayName() {
        return Messages.NotifyMonitorAdapter_displayName();
    }

    @Override
    public boolean isActivated() {
        return !getLines().isEmpty();
    }

    /** The channels with what is wrong. */
    public List<String> getLines() {
        return OutboxAdapter.get().queues().all().stream()
                .filter(each -> each.state() == ChannelQueue.State.BROKEN || each.state() == ChannelQueue.State.PAUSED)
                .map(each -> each.id() + ": " + each.problem())
                .sorted()
                .toList();
    }
}
