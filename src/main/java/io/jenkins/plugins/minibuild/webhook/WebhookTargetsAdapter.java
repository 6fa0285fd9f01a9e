package io.jenkins.plugins.minibuild.webhook;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.access.PoliciesAdapter;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.step.AutoBuild;
import io.jenkins.plugins.minibuild.step.AutoBuildFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Finds the jobs, profiles and secrets in Jenkins. */
final class WebhookTargetsAdapter implements Targets {
    static final String JOB = "job:";
    static final String PROFILE = "profile:";

    private static final Logger LOGGER = Logger.getLogger(WebhookTargetsAdapter.class.getName());

    @Override
    public Rules rules() {
        return WebhookConfiguration.get().rules();
    }

    @Override
    public Optional<Target> of(String owner) {
        if (owner.startsWith(PROFILE)) {
            return profiles().stream()
                    .filter(each -> owner.equals(PROFILE + each.id()))
                    .findFirst()
                    .map(WebhookTargetsAdapter::target);
        }
        Job<?, ?> job = job(owner.substring(JOB.length()));
        if (job == null) {
            return Optional.empty();
        }
        if (ParameterizedJobMixIn.getTrigger(job, WebhookTrigger.class) != null) {
            return Optional.of(target(job));
        }
        List<AutoBuild> shipping = profiles().stream()
                .filter(each -> job.getFullName().equals(each.job()))
                .toList();
        return Optional.of(shipping.stream()
                .filter(each -> each.isJobsOwn() && each.wanted())
                .findFirst()
                .map(WebhookTargetsAdapter::target)
                .orElseGet(() -> target(job).by(filter(shipping))));
    }

    /** What starts a job without a trigger: a push to a branch that its profiles do not ship would ship another one again. */
    static TriggerFilter filter(List<AutoBuild> shipping) {
        // A profile without a repository builds what the job itself checks out.
        return TriggerFilter.pushesToAny(shipping.stream()
                .filter(each -> each.repository() != null)
                .map(AutoBuild::branch)
                .collect(Collectors.toCollection(ArrayList::new)));
    }

    @Override
    public List<Target> about(Delivery.Repository repository) {
        List<RepositoryUrl> addresses = repository.urls().stream()
                .flatMap(each -> address(each).stream())
                .toList();
        List<Target> found = new ArrayList<>();
        for (WebhookTrigger trigger : WebhookTrigger.running()) {
            Job<?, ?> job = trigger.job();
            if (job != null && isOneOf(addresses, trigger.getRepository()) && job(job.getFullName()) == job) {
                found.add(target(job));
            }
        }
        for (AutoBuild profile : profiles()) {
            if (profile.isJobsOwn() && !profile.wanted()) {
                continue;
            }
            Target target = isOneOf(addresses, profile.repository()) ? target(profile) : null;
            // The trigger of a job decides alone, without the job's profile.
            if (target != null && found.stream().noneMatch(each -> each.owner().equals(target.owner()))) {
                found.add(target);
            }
        }
        return found;
    }

    private static boolean isOneOf(List<RepositoryUrl> addresses, @CheckForNull String url) {
        return url != null
                && address(url)
                        .filter(each -> addresses.stream().anyMatch(each::sameRepository))
                        .isPresent();
    }

    /** Empty for a text that is no address of a repository. */
    private static Optional<RepositoryUrl> address(String url) {
        try {
            return Optional.of(RepositoryUrl.parse(url));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The profiles of all jobs, and the jobs' own. */
    static List<AutoBuild> profiles() {
        return ExtensionList.lookup(AutoBuildFactory.class).stream()
                .flatMap(each -> each.all().stream())
                .toList();
    }

    @CheckForNull
    static Job<?, ?> job(String name) {
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            Item item = Jenkins.get().getItemByFullName(name);
            return item instanceof Job<?, ?> job ? job : null;
        }
    }

    /** A job with its trigger, or with the standard filter if it has none. */
    private static Target target(Job<?, ?> job) {
        WebhookTrigger trigger = ParameterizedJobMixIn.getTrigger(job, WebhookTrigger.class);
        return target(
                        job.getFullName(),
                        trigger,
                        trigger == null ? null : secret(trigger.getSecretCredentialsId(), job),
                        job.isBuildable())
                .within(PoliciesAdapter.of(job).code().forks().value());
    }

    /** As {@link #target(Job)}. A config.xml that was written by hand can hold a pattern that is none; then no delivery starts the job. */
    static Target target(
            String job, @CheckForNull WebhookTrigger trigger, @CheckForNull ProviderSecret secret, boolean buildable) {
        TriggerFilter filter = TriggerFilter.standard();
        Decision refusal = buildable ? null : new Decision(Reason.NOT_BUILDABLE, job);
        try {
            filter = trigger == null ? filter : trigger.filter();
        } catch (IllegalArgumentException e) {
            refusal = new Decision(Reason.BAD_PATTERN, String.valueOf(e.getMessage()));
        }
        return new Target(
                JOB + job, job, filter, secret, trigger == null ? StartSettings.STANDARD : trigger.settings(), refusal);
    }

    private static Target target(AutoBuild profile) {
        Decision refusal = null;
        Job<?, ?> job = profile.job() == null ? null : job(profile.job());
        if (!profile.on()) {
            refusal = new Decision(Reason.AUTO_BUILD_OFF, profile.name());
        } else if (job == null) {
            refusal = new Decision(Reason.NO_JOB, profile.name());
        } else if (!job.isBuildable()) {
            refusal = new Decision(Reason.NOT_BUILDABLE, job.getFullName());
        }
        return new Target(
                profile.isJobsOwn() ? JOB + profile.job() : PROFILE + profile.id(),
                job == null ? null : job.getFullName(),
                TriggerFilter.pushesTo(profile.branch()),
                null,
                new StartSettings(
                        null, false, Util.fixNull(profile.repository()), Util.fixNull(profile.credentialsId())),
                refusal);
    }

    @Override
    public List<ProviderSecret> secrets(Provider provider) {
        return WebhookConfiguration.get().getSecrets().stream()
                .filter(each -> each.provider() == provider)
                .map(each -> {
                    ProviderSecret found = secret(each.getCredentialsId(), null);
                    return new ProviderSecret(found.user(), found.secret(), each.repositories());
                })
                .toList();
    }

    /** The secret in a credential, without a text if the credential is missing; null for no id. */
    @CheckForNull
    private static ProviderSecret secret(@CheckForNull String id, @CheckForNull Item item) {
        if (id == null) {
            return null;
        }
        StandardCredentials found = CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItem(StandardCredentials.class, item, ACL.SYSTEM2, List.of()),
                CredentialsMatchers.withId(id));
        if (found instanceof StringCredentials text) {
            return new ProviderSecret(null, text.getSecret());
        }
        if (found instanceof StandardUsernamePasswordCredentials login) {
            return new ProviderSecret(login.getUsername(), login.getPassword());
        }
        LOGGER.log(
                Level.WARNING,
                "The webhook credential {0} is missing, or neither a secret text nor a user name with password: every call is refused",
                id);
        return new ProviderSecret(null, null);
    }
}
