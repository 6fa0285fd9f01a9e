package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.miniprogram.Preflight;
import io.jenkins.plugins.minibuild.step.SettingsFactory;
import java.util.ArrayList;
import java.util.List;

/** Gives tasks the profiles and what agents have to have. */
@Extension
public final class ProfileSettingsFactory extends SettingsFactory {

    @Override
    public <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind) {
        List<Object> all = new ArrayList<>();
        if (kind == Profile.class) {
            MiniProgramJobConfiguration own = run == null ? null : run.getParent().getProperty(MiniProgramJobConfiguration.class);
            if (own != null) {
                all.add(own.getProfile().toProfile());
            }
            MiniProgramsConfiguration.get().getProfiles().forEach(each -> all.add(each.toProfile()));
        } else if (kind == Preflight.FreeDisk.class) {
            all.add(new Preflight.FreeDisk(MiniProgramsConfiguration.get().getFreeDiskGb()));
        }
        return all.stream().map(kind::cast).toList();
    }
}
