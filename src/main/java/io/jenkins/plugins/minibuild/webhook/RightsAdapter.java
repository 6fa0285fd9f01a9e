package io.jenkins.plugins.minibuild.webhook;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.checkout.ForgeAccess;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.forge.KnownForge;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.http.HttpAdapter;
import io.jenkins.plugins.minibuild.step.ServicesAdapter;
import java.io.IOException;
import java.time.Duration;

/** Asks with the token of the job's trigger; the address is the trigger's too, never the delivery's. */
final class RightsAdapter implements Rights {
    /** The service that calls waits ten seconds for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    @Override
    public Delivery ask(Target target, Delivery delivery) throws IOException, InterruptedException {
        RepositoryUrl url = address(target, delivery);
        if (url == null) {
            return delivery;
        }
        Http http = HttpAdapter.http(PATIENCE, 1 << 20);
        Forge forge = ForgeAccess.find(
                        Forges.with(http, ServicesAdapter.of(null).settings().all(KnownForge.class)), url)
                .orElse(null);
        return forge == null ? delivery : ask(forge, url, token(target, url), delivery);
    }

    static Delivery ask(Forge forge, RepositoryUrl url, @CheckForNull Secret token, Delivery delivery)
            throws IOException, InterruptedException {
        Delivery asked = delivery;
        Trust trust = delivery.mergeRequest().trust();
        if (delivery.change().commit().isEmpty() || trust.origin() == Trust.Origin.UNKNOWN) {
            Forge.Head head =
                    forge.head(url.owner(), url.name(), delivery.mergeRequest().number(), token);
            trust = new Trust(head.fork() ? Trust.Origin.FORK : Trust.Origin.OWN, trust.standing(), trust.who());
            asked = asked.at(head.commit());
        }
        if (trust.standing() == Trust.Standing.UNKNOWN && !trust.who().isEmpty()) {
            boolean member = forge.mayWrite(url.owner(), url.name(), trust.who(), token);
            trust = new Trust(trust.origin(), member ? Trust.Standing.MEMBER : Trust.Standing.STRANGER, trust.who());
        }
        return asked.with(trust);
    }

    @CheckForNull
    static RepositoryUrl address(Target target, Delivery delivery) {
        try {
            RepositoryUrl url = RepositoryUrl.parse(target.settings().repository());
            return delivery.repository().urls().stream().anyMatch(each -> isSame(url, each)) ? url : null;
        } catch (IllegalArgumentException e) {
            // The trigger names none.
            return null;
        }
    }

    private static boolean isSame(RepositoryUrl url, String other) {
        try {
            return RepositoryUrl.parse(other).sameRepository(url);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @CheckForNull
    private static Secret token(Target target, RepositoryUrl url) {
        Job<?, ?> job = target.job() == null ? null : WebhookTargetsAdapter.job(target.job());
        if (job == null || target.settings().statusCredentialsId().isEmpty()) {
            return null;
        }
        return ForgeAccess.token(CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItem(
                        StandardCredentials.class,
                        job,
                        ACL.SYSTEM2,
                        URIRequirementBuilder.fromUri(url.text()).build()),
                CredentialsMatchers.withId(target.settings().statusCredentialsId())));
    }
}
