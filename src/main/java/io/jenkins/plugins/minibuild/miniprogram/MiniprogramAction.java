package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.CodeAdapter;
import io.jenkins.plugins.minibuild.files.StoredFile;
import io.jenkins.plugins.minibuild.step.BuildNews;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import io.jenkins.plugins.minibuild.step.RunPageAction;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.GET;

/**
 * Shows the uploads and previews of a build on its page: versions, sizes, QR codes with their expiry. The pictures lie in the build's folder
 * and among its artifacts: the page shows them even if the artifacts are stored elsewhere or were deleted.
 */
@ExportedBean
public final class MiniprogramAction extends RunPageAction implements BuildNews {

    /** The kinds, as messages and templates name them. */
    static final String UPLOAD = "upload";

    static final String PREVIEW = "preview";

    /** How many builds are looked through for one to compare with: each may have to be read from disk. */
    private static final int BUILDS = 20;

    /** In the order of the steps. The list is replaced, never changed: Jenkins may store the build while a step adds to it. */
    private volatile List<Entry> entries = new ArrayList<>();

    @Override
    public String getDisplayName() {
        return Messages.Action_displayName();
    }

    @Override
    public String getUrlName() {
        return "miniprogram";
    }

    /**
     * Adds what a step made.
     *
     * @param picture the picture of a preview; null for an upload
     * @param build the folder of the build
     */
    synchronized void add(Entry entry, @CheckForNull byte[] picture, Path build) throws IOException {
        if (picture != null) {
            // The file first: an entry without its picture would show a broken image for ever.
            StoredFile.replace(picture(build, entries.size()), picture);
        }
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        entries = more;
    }

    private static Path picture(Path build, int number) {
        return build.resolve("mini-build").resolve("qrcode-" + number + ".jpg");
    }

    /** What the steps made, in their order. */
    @Exported(visibility = 2)
    public List<Entry> getEntries() {
        return List.copyOf(entries);
    }

    /** The number of the last preview among the entries; -1 when there is none. */
    public int getLastPreview() {
        List<Entry> all = entries;
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).isPreview()) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Serves the picture of a QR code.
     *
     * @param n the number of the entry
     */
    @GET
    public void doQrcode(StaplerResponse2 response, @QueryParameter int n) throws IOException {
        serve(response, n);
    }

    void serve(StaplerResponse2 response, int n) throws IOException {
        CodeAdapter.checkArtifact(getRun());
        List<Entry> all = getEntries();
        Path file = picture(getRun().getRootDir().toPath(), n);
        if (n < 0 || n >= all.size() || !all.get(n).isPreview() || !Files.isRegularFile(file)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        ResponseAdapter.picture(response, "image/jpeg", Files.readAllBytes(file));
    }

    /** Empty: news about programs are in {@link #newsOfPrograms}. */
    @Override
    public Map<Fact, String> newsFacts() {
        return Map.of();
    }

    @Override
    public Map<String, Map<Fact, String>> newsOfPrograms() {
        List<Entry> all = getEntries();
        Map<String, Map<Fact, String>> programs = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Entry each = all.get(i);
            Map<Fact, String> facts = newsFacts(i);
            Map<Fact, String> earlier = programs.remove(each.getProgram());
            if (earlier != null
                    && earlier.getOrDefault(Fact.COMMIT, "").equals(each.facts().commit())) {
                // The upload and the preview of one commit: one message has the version and the QR code.
                earlier.putAll(facts);
                facts = earlier;
            }
            programs.put(each.getProgram(), facts);
        }
        return programs;
    }

    /** What messages say of one entry. */
    Map<Fact, String> newsFacts(int number) {
        Entry entry = getEntries().get(number);
        Map<Fact, String> facts = new LinkedHashMap<>();
        facts.put(Fact.APP, entry.getProgram());
        facts.put(Fact.APP_ID, entry.appId);
        facts.put(Fact.KIND, entry.isPreview() ? PREVIEW : UPLOAD);
        if (entry.version != null) {
            facts.put(Fact.VERSION, entry.version);
        }
        facts.put(Fact.BRANCH, entry.facts().branch());
        facts.put(Fact.COMMIT, entry.facts().commit());
        facts.put(Fact.AUTHOR, entry.facts().author());
        facts.put(Fact.COMMIT_MESSAGE, entry.facts().message());
        if (entry.isPreview()) {
            facts.put(Fact.QR_URL, getUrlName() + "/qrcode?n=" + number);
            facts.put(Fact.EXPIRES, entry.getExpiresLocally());
        }
        return facts;
    }

    @Override
    public byte[] newsPicture(String program) throws IOException {
        List<Entry> all = getEntries();
        for (int i = all.size() - 1; i >= 0 && getRun() != null; i--) {
            Entry each = all.get(i);
            if (each.isPreview() && (program.isEmpty() || program.equals(each.getProgram()))) {
                Path file = picture(getRun().getRootDir().toPath(), i);
                return Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
            }
        }
        return new byte[0];
    }

    /** The packages of an entry against its budget, with the change since the last success of the job. */
    public List<PackageSizes.Row> sizesOf(Entry entry) {
        return entry.sizes.rows(entry.facts().budget(), before(entry));
    }

    /** The sizes of the same app in the last successful build before this one, in an upload or in a preview as here. */
    @CheckForNull
    private PackageSizes before(Entry entry) {
        Run<?, ?> earlier = getRun() == null ? null : getRun().getPreviousBuild();
        for (int i = 0; earlier != null && i < BUILDS; i++) {
            MiniprogramAction action = earlier.getAction(MiniprogramAction.class);
            if (action != null && Result.SUCCESS.equals(earlier.getResult())) {
                for (Entry each : action.getEntries()) {
                    if (each.appId.equals(entry.appId) && each.isPreview() == entry.isPreview()) {
                        return each.sizes;
                    }
                }
            }
            earlier = earlier.getPreviousBuild();
        }
        return null;
    }

    /** One upload or preview. */
    @ExportedBean(defaultVisibility = 2)
    public static final class Entry implements Serializable {

        private static final long serialVersionUID = 1L;

        /** The version; null for a preview. */
        private final String version;

        private final String appId;
        private final String desc;
        private final int robot;
        private final PackageSizes sizes;
        private final Findings findings;
        /** The page that a preview opens; null for an upload. */
        private final String pagePath;
        /** The path of a preview's picture among the artifacts; null for an upload. */
        private final String artifact;
        /** When the code of a preview stops working, in milliseconds since 1970; 0 for an upload. */
        private final long expires;

        private final ShipmentFacts facts;

        private Entry(ShipmentResult result, @CheckForNull PreviewResult preview) {
            this.version = result.version();
            this.appId = result.appId();
            this.desc = result.desc();
            this.robot = result.robot();
            this.sizes = result.sizes();
            this.facts = result.facts();
            this.findings = result.findings();
            this.pagePath = preview == null ? null : preview.pagePath();
            this.artifact = preview == null ? null : preview.artifact();
            this.expires = preview == null ? 0 : preview.qrCode().expires().toEpochMilli();
        }

        static Entry of(UploadResult result) {
            return new Entry(result, null);
        }

        static Entry of(PreviewResult result) {
            return new Entry(result, result);
        }

        /** Whether it has a QR code. */
        public boolean isPreview() {
            return expires != 0;
        }

        /** The version; null for a preview. */
        @CheckForNull
        @Exported
        public String getVersion() {
            return version;
        }

        /** The name of the profile, or the AppID. */
        @Exported
        public String getProgram() {
            return facts().profile().isEmpty() ? appId : facts().profile();
        }

        /** The program's id. */
        @Exported
        public String getAppId() {
            return appId;
        }

        /** The description; may be empty. */
        public String getDesc() {
            return desc;
        }

        /** The number of the CI robot. */
        @Exported
        public int getRobot() {
            return robot;
        }

        /** The page that a preview opens; null for an upload, empty for the first page. */
        @CheckForNull
        public String getPagePath() {
            return pagePath;
        }

        /** The path of the picture among the artifacts; null for an upload. */
        @CheckForNull
        public String getArtifact() {
            return artifact;
        }

        private ShipmentFacts facts() {
            return facts;
        }

        /** The size of all packages in bytes. */
        @Exported
        public long getSize() {
            return sizes.whole();
        }

        /** How long it took, in milliseconds; 0 when it is not known. */
        @Exported
        public long getDuration() {
            return facts().millis();
        }

        /** The commit, empty when it is not known. */
        @Exported
        public String getCommit() {
            return facts().commit();
        }

        /** Branch, short commit, author and message; empty when the commit is not known. */
        public String getOrigin() {
            ShipmentFacts known = facts();
            return known.commit().isEmpty()
                    ? ""
                    : (known.branch() + " " + known.commit().substring(0, 7) + " " + known.author() + ": "
                                    + known.message())
                            .trim();
        }

        /** The largest files; may be empty. */
        public List<LargestFiles.File> getLargestFiles() {
            return findings.largestFiles().rows();
        }

        /** What the check of the code found in one line; null when it was not checked. */
        @CheckForNull
        public String getQuality() {
            QualityReport quality = findings.quality();
            return quality == null ? null : quality.summary();
        }

        /** The rules that the code does not meet. */
        public List<QualityReport.Rule> getQualityFailed() {
            QualityReport quality = findings.quality();
            return quality == null ? List.of() : quality.failed();
        }

        /** The path of the source map among the artifacts; null when there is none. */
        @CheckForNull
        public String getSourceMap() {
            return findings.sourceMap();
        }

        /** When the QR code stops working, as ISO 8601; empty for an upload. */
        @Exported
        public String getExpires() {
            return isPreview() ? PreviewResult.time(Instant.ofEpochMilli(expires)) : "";
        }

        /** When the QR code stops working, by the clock of the controller, with its offset; empty for an upload. */
        public String getExpiresLocally() {
            return isPreview() ? PreviewResult.localTime(Instant.ofEpochMilli(expires), ZoneId.systemDefault()) : "";
        }

        /** Whether the QR code has stopped working by now. */
        @Exported
        public boolean isExpired() {
            return isExpired(Clock.systemUTC());
        }

        boolean isExpired(Clock clock) {
            return isPreview() && clock.millis() > expires;
        }
    }
}
