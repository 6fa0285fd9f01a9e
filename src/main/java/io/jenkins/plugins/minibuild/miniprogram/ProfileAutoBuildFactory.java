package io.jenkins.plugins.minibuild.miniprogram;

import hudson.Extension;
import io.jenkins.plugins.minibuild.build.AutoBuild;
import io.jenkins.plugins.minibuild.build.AutoBuildFactory;
import java.util.List;

/** The profiles of all jobs, as pushes can build them. */
@Extension
public final class ProfileAutoBuildFactory extends AutoBuildFactory {

    @Override
    public List<AutoBuild> all() {
        return MiniProgramsConfiguration.get().getProfiles().stream()
                .map(each -> new AutoBuild(
                        each.getName(),
                        each.isEnabled() && each.isAutoBuild(),
                        each.getGitUrl(),
                        each.getBranch(),
                        each.getJob(),
                        each.getGitCredentialsId()))
                .toList();
    }
}
