package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.miniprogram.profile.Version;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import java.io.IOException;
import java.io.PrintStream;

/** Uploads a mini program to WeChat as a version that its developers can try and submit for review. */
public final class Upload implements BuildTask<UploadResult> {

    private final TaskParameters parameters;
    private final VersionChoice version;

    /**
     * Plans an upload.
     *
     * @param version the version, {@code 1.4.0}
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
        CiRun run = new CiRun(context, parameters, "upload");
        CiRun.Checked checked = run.preflight();
        if (parameters.doctor()) {
            return UploadResult.doctor(parameters, checked.agent());
        }
        CiRun.Sent sent = run.ship(checked.key(), CiRun.request(), version);
        return run.finish(sent, shipment -> {
            UploadResult result = new UploadResult(shipment, sent.accepted().version());
            PrintStream log = context.listener().getLogger();
            log.println(Messages.Upload_done(shipment.appId(), result.version(), Integer.toString(shipment.robot())));
            shipment.sizes().table().forEach(log::println);
            shipment.findings().print(log);
            return result;
        });
    }
}
