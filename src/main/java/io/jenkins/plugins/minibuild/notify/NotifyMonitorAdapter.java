package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import java.util.List;

/** Shows administrators the channels that send nothing. */
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

    /** For each such channel its name and its problem. */
    public List<String> getLines() {
        return OutboxAdapter.get().queues().all().stream()
                .filter(each -> each.state() == ChannelQueue.State.BROKEN || each.state() == ChannelQueue.State.PAUSED)
                .map(each -> each.id() + ": " + each.problem())
                .sorted()
                .toList();
    }
}
