package io.jenkins.plugins.minibuild.checkout;

import hudson.Extension;
import hudson.FilePath;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.SCMListener;
import io.jenkins.plugins.minibuild.files.StoredFile;
import io.jenkins.plugins.minibuild.step.CheckoutNews;
import io.jenkins.plugins.minibuild.step.CheckoutNewsListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Shows a checkout on the page of its build, and gives the build its list of changes the way the {@code checkout} step does: a file in the build's folder, and
 * a call of every {@link SCMListener}. A Pipeline takes the list from there; a freestyle build has one only from the source code management of its job, so there
 * the page's own summary lists the changes.
 */
@Extension
public final class ChangesListener extends CheckoutNewsListener {
    private static final Logger LOGGER = Logger.getLogger(ChangesListener.class.getName());

    @Override
    public void checkedOut(Run<?, ?> run, FilePath folder, TaskListener listener, CheckoutNews news)
            throws IOException, InterruptedException {
        boolean listedByJenkins = !(run instanceof AbstractBuild);
        CheckoutAction.add(run, news, listedByJenkins);
        run.save();
        if (!listedByJenkins || news.changes().isEmpty()) {
            return;
        }
        Path file = run.getRootDir().toPath().resolve("changelog-" + news.commit() + ".json");
        if (Files.exists(file)) {
            return;
        }
        StoredFile.replace(file, news.changes().getBytes(StandardCharsets.UTF_8));
        CheckoutSourceAdapter source = new CheckoutSourceAdapter(news.url(), news.branch(), news.page());
        for (SCMListener each : SCMListener.all()) {
            tell(each, run, source, folder, listener, file);
        }
    }

    private static void tell(
            SCMListener each,
            Run<?, ?> run,
            CheckoutSourceAdapter source,
            FilePath folder,
            TaskListener listener,
            Path file)
            throws InterruptedException {
        try {
            each.onCheckout(run, source, folder, listener, file.toFile(), null);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            // A listener of another plugin must not fail a build whose checkout has succeeded.
            LOGGER.log(Level.WARNING, each.getClass().getName() + " failed for the checkout of " + run, e);
        }
    }
}
