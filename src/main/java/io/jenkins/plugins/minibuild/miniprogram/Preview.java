package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.QrFormat;
import io.jenkins.plugins.minibuild.miniprogram.profile.TaskParameters;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Makes a QR code with which a developer tries the program on a phone, without a new version at WeChat. */
public final class Preview implements BuildTask<PreviewResult> {

    /** WeChat's number for "a QR code was scanned". */
    public static final int DEFAULT_SCENE = 1011;

    private static final int FIRST_SCENE = 1000;
    private static final int LAST_SCENE = 9999;

    private final TaskParameters parameters;
    private final String pagePath;
    private final String searchQuery;
    private final int scene;
    private QrFormat format = QrFormat.IMAGE;
    private Integer pictureSize;

    /**
     * Plans a preview.
     *
     * @param pagePath the page that opens; null or empty for the first one
     * @param searchQuery parameters of that page, {@code a=1&b=2}; null or empty for none
     * @param scene the scene number that the program is told, 1000 to 9999
     * @throws IllegalArgumentException when a value cannot be that
     */
    public Preview(
            TaskParameters parameters, @CheckForNull String pagePath, @CheckForNull String searchQuery, int scene) {
        this.parameters = parameters;
        this.pagePath = MiniProgram.checkRelative(
                pagePath == null ? null : pagePath.trim().replaceFirst("^/+", ""), "pagePath");
        this.searchQuery = searchQuery == null ? "" : searchQuery.trim().replaceFirst("^\\?", "");
        this.scene = checkScene(scene);
        if (!this.searchQuery.isEmpty() && this.pagePath.isEmpty()) {
            throw new IllegalArgumentException(Messages.Preview_queryWithoutPage());
        }
    }

    /**
     * Says how the code is wanted. To be called before it runs.
     *
     * @param wanted where it goes besides the artifact
     * @param size width and height of the picture in pixels; null for as it comes
     * @throws IllegalArgumentException when no code of that size can be scanned
     */
    public Preview qrcode(QrFormat wanted, @CheckForNull Integer size) {
        format = wanted;
        pictureSize = size == null ? null : (Integer) QrCode.checkSize(size);
        return this;
    }

    /** Checks the number of a scene. */
    public static int checkScene(int scene) {
        if (scene < FIRST_SCENE || scene > LAST_SCENE) {
            throw new IllegalArgumentException(Messages.Preview_scene(Integer.toString(scene)));
        }
        return scene;
    }

    @Override
    public PreviewResult run(BuildContext context) throws IOException, InterruptedException {
        ObjectNode request = CiRun.request().put("scene", scene);
        if (!pagePath.isEmpty()) {
            request.put("pagePath", pagePath);
        }
        if (!searchQuery.isEmpty()) {
            request.put("searchQuery", searchQuery);
        }
        CiRun.Outcome outcome = new CiRun(parameters).run(context, "preview", request, null);
        MiniProgram program = parameters.program();
        if (outcome.isDoctor()) {
            return PreviewResult.doctor(program.appId(), outcome.robot(), outcome.found(), program.type());
        }
        return outcome.finish(facts -> {
            QrCode original = QrCode.of(outcome.picture(), context.clock(), parameters.life());
            QrCode qrCode = pictureSize == null ? original : original.scaled(pictureSize);
            String artifact = archive(context, program, outcome.robot(), qrCode);
            PreviewResult result = new PreviewResult(
                    program.appId(),
                    outcome.desc(),
                    outcome.robot(),
                    pagePath,
                    artifact,
                    qrCode,
                    outcome.sizes(),
                    facts,
                    outcome.findings(),
                    format == QrFormat.BASE64);
            PrintStream log = context.listener().getLogger();
            log.println(Messages.Preview_done(program.appId(), artifact, result.expires()));
            result.sizes().table().forEach(log::println);
            result.findings().print(log);
            if (format == QrFormat.TERMINAL) {
                List<String> drawn = original.drawn();
                if (drawn.isEmpty()) {
                    log.println(Messages.QrCode_notDrawn());
                }
                drawn.forEach(log::println);
            }
            return result;
        });
    }

    /** Several previews of one build keep their pictures apart by app and robot; the same again replaces its picture. */
    private String archive(BuildContext context, MiniProgram program, int robot, QrCode qrCode)
            throws IOException, InterruptedException {
        String path = "miniprogram/preview-" + program.appId() + "-" + robot + ".jpg";
        try (ScratchFolder folder = ScratchFolder.in(context.temp(), "miniprogram")) {
            FilePath picture = folder.path().child("preview.jpg");
            picture.copyFrom(new ByteArrayInputStream(qrCode.jpeg()));
            context.record().archive(path, picture);
        }
        return path;
    }
}
