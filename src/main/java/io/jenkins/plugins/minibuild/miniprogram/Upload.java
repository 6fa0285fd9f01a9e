package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.TaskParameters;
import io.jenkins.plugins.minibuild.miniprogram.profile.Version;
import io.jenkins.plugins.minibuild.miniprogram.profile.VersionChoice;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import java.io.IOException;

/** Uploads a mini program to WeChat as a version that its developers can try and submit for review. */
public final class Upload implements BuildTask<UploadResult> {

    private final TaskParameters parameters;
    private final VersionChoice version;

    /**
     * Plans an upload.
     *
     * @param version what people see as the version, {@code 1.4.0}
     * @throws IllegalArgumentException when there is no version or it cannot be one
     */
    public Upload(TaskParameters parameters, @CheckForNull String version) {
        this(parameters, VersionChoice.of(Version.parse(version)));
    }

    private Upload(TaskParameters parameters, VersionChoice version) {
        this.parameters = parameters;
        this.version = version;
    }

    /**
     * Plans an upload of the version after the last one.
     *
     * @param first the lowest version that it may get
     * @throws IllegalArgumentException when that cannot be a version
     */
    public static Upload automatic(TaskParameters parameters, @CheckForNull String first) {
        return new Upload(parameters, VersionChoice.after(Version.parse(first)));
    }

    /** Trims a version and checks its form. */
    public static String checkVersion(@CheckForNull String version) {
        return Version.parse(version).toString();
    }

    @Override
    public UploadResult run(BuildContext context) throws IOException, InterruptedException {
        CiRun.Outcome outcome = new CiRun(parameters).run(context, "upload", CiRun.request(), version);
        MiniProgram program = parameters.program();
        if (outcome.isDoctor()) {
            return UploadResult.doctor(program.appId(), outcome.robot(), outcome.found(), program.type());
        }
        return outcome.finish(facts -> {
            UploadResult result = new UploadResult(
                    program.appId(),
                    outcome.version(),
                    outcome.desc(),
                    outcome.robot(),
                    outcome.sizes(),
                    facts,
                    outcome.findings());
            context.listener()
                    .getLogger()
                    .println(Messages.Upload_done(program.appId(), result.version(), Integer.toString(result.robot())));
            result.sizes().table().forEach(context.listener().getLogger()::println);
            result.findings().print(context.listener().getLogger());
            return result;
        });
    }
}
