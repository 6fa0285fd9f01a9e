package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.build.BuildContext;
import io.jenkins.plugins.minibuild.build.BuildTask;
import java.io.IOException;

/** Uploads a mini program to WeChat as a version that its developers can try and submit for review. */
public final class Upload implements BuildTask<UploadResult> {

    private static final int LONGEST_VERSION = 64;

    private final TaskParameters parameters;
    private final String version;

    /**
     * Plans an upload.
     *
     * @param version what people see as the version, such as {@code 1.4.0}
     * @throws IllegalArgumentException when there is no version or it cannot be one
     */
    public Upload(TaskParameters parameters, @CheckForNull String version) {
        this.parameters = parameters;
        this.version = checkVersion(version);
    }

    /** Trims a version and checks that it can be shown in one line. */
    public static String checkVersion(@CheckForNull String version) {
        String trimmed = version == null ? "" : version.trim();
        if (trimmed.isEmpty()) {
            throw new IllegalArgumentException(Messages.Upload_noVersion());
        }
        if (trimmed.length() > LONGEST_VERSION || !trimmed.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._+\\- ]*")) {
            throw new IllegalArgumentException(Messages.Upload_version(trimmed, LONGEST_VERSION));
        }
        return trimmed;
    }

    @Override
    public UploadResult run(BuildContext context) throws IOException, InterruptedException {
        JsonNode answer = new CiRun(parameters)
                .run(context, "upload", CiRun.request().put("version", version))
                .result();
        MiniProgram program = parameters.program();
        UploadResult result = new UploadResult(
                program.appId(),
                version,
                parameters.desc(),
                parameters.robot(),
                PackageSizes.read(answer.get("subPackageInfo"), program.type()),
                Findings.read(answer, CiRun.artifact(parameters, "sourcemap", "zip")));
        context.listener()
                .getLogger()
                .println(Messages.Upload_done(program.appId(), version, Integer.toString(parameters.robot())));
        result.sizes().table().forEach(context.listener().getLogger()::println);
        result.findings().print(context.listener().getLogger());
        return result;
    }
}
