package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.SettingsFactory;
import java.net.URI;
import java.util.List;

/** Gives tasks the services that an administrator has configured. */
@Extension
public final class ForgesSettingsFactory extends SettingsFactory {
    @Override
    public <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind) {
        if (kind == KnownForge.class) {
            return ForgesConfiguration.get().known().stream().map(kind::cast).toList();
        }
        String feishu = kind == FeishuService.class ? ForgesConfiguration.get().getFeishuAddress() : null;
        return feishu == null ? List.of() : List.of(kind.cast(new FeishuService(URI.create(feishu))));
    }
}
