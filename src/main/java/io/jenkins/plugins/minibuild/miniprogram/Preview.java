package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.miniprogram.profile.PreviewSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.QrFormat;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.List;

/** Makes a QR code with which a developer tries the program on a phone, without a new version at WeChat. */
public final class Preview implements BuildTask<PreviewResult> {

    private final TaskParameters parameters;
    private final String pagePath;
    private final String searchQuery;
    private final PreviewSettings settings;

    /**
     * Plans a preview.
     *
     * @param settings what opens, and how the code is wanted; every value is given that has a default
     * @throws IllegalArgumentException when the page has parameters but no path
     */
    public Preview(TaskParameters parameters, PreviewSettings settings) {
        this.parameters = parameters;
        this.settings = settings;
        this.pagePath = PreviewSettings.checkPage(settings.pagePath());
        this.searchQuery = PreviewSettings.checkQuery(settings.searchQuery(), pagePath);
    }

    @Override
    public PreviewResult run(BuildContext context) throws IOException, InterruptedException {
        CiRun run = new CiRun(context, parameters, "preview");
        CiRun.Checked checked = run.preflight();
        if (parameters.doctor()) {
            return PreviewResult.doctor(parameters, checked.agent());
        }
        ObjectNode request = CiRun.request().put("scene", settings.scene());
        if (!pagePath.isEmpty()) {
            request.put("pagePath", pagePath);
        }
        if (!searchQuery.isEmpty()) {
            request.put("searchQuery", searchQuery);
        }
        CiRun.Sent sent = run.ship(checked.key(), request, null);
        QrFormat format = QrFormat.of(settings.qrcodeFormat());
        return run.finish(sent, shipment -> {
            QrCode original = QrCode.of(sent.accepted().result().picture(), context.clock(), settings.life());
            QrCode qrCode = settings.qrcodeSize() == null ? original : original.scaled(settings.qrcodeSize());
            String artifact = archive(context, shipment, qrCode);
            PreviewResult result = new PreviewResult(shipment, pagePath, artifact, qrCode, format == QrFormat.BASE64);
            PrintStream log = context.listener().getLogger();
            log.println(Messages.Preview_done(
                    shipment.appId(),
                    artifact,
                    PreviewResult.localTime(qrCode.expires(), ZoneId.systemDefault()),
                    settings.life().toMinutes()));
            shipment.sizes().table().forEach(log::println);
            shipment.findings().print(log);
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

    /** The app and the robot in the name keep apart the pictures of several previews of one build. */
    private static String archive(BuildContext context, Shipment shipment, QrCode qrCode)
            throws IOException, InterruptedException {
        String path = "miniprogram/preview-" + shipment.appId() + "-" + shipment.robot() + ".jpg";
        try (ScratchFolder folder = ScratchFolder.in(context.temp(), "miniprogram")) {
            FilePath picture = folder.path().child("preview.jpg");
            picture.copyFrom(new ByteArrayInputStream(qrCode.jpeg()));
            context.record().archive(path, picture);
        }
        return path;
    }
}
