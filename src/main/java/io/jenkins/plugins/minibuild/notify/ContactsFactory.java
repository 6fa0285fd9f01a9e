package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.SettingsFactory;
import java.util.List;

/** Gives tasks the user map. */
@Extension
public final class ContactsFactory extends SettingsFactory {
    @Override
    public <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind) {
        return kind == Contact.class
                ? ChannelsAdapter.people().stream().map(kind::cast).toList()
                : List.of();
    }
}
