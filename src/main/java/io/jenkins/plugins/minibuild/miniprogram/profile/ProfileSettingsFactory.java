package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.SettingsFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives tasks the profiles that their job may use, the names of all by AppID, and {@link FreeDisk}. The profiles are not checked here: a step checks the one that it names, so that a broken
 * profile stops only the steps that use it.
 */
@Extension
public final class ProfileSettingsFactory extends SettingsFactory {

    @Override
    public <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind) {
        List<Object> all = new ArrayList<>();
        if (kind == ProfileConfiguration.class) {
            all.addAll(
                    run == null
                            ? ProfileConfiguration.usableBy(
                                    "", MiniProgramsConfiguration.get().getProfiles())
                            : MiniProgramsConfiguration.of(run.getParent()));
        } else if (kind == KnownApp.class) {
            MiniProgramsConfiguration.get()
                    .getProfiles()
                    .forEach(each -> all.add(new KnownApp(each.getName(), each.getAppId())));
        } else if (kind == FreeDisk.class) {
            all.add(new FreeDisk(MiniProgramsConfiguration.get().getFreeDiskGb()));
        }
        return all.stream().map(kind::cast).toList();
    }
}
