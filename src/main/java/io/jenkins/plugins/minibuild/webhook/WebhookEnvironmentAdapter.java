package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.EnvironmentContributor;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;

/** Sets the variables {@code MINIBUILD_*} of builds that a delivery started. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class WebhookEnvironmentAdapter extends EnvironmentContributor {
    @Override
    public void buildEnvironmentFor(@NonNull Run run, @NonNull EnvVars envs, @NonNull TaskListener listener) {
        Run<?, ?> build = run;
        WebhookCause cause = build.getCause(WebhookCause.class);
        Delivery delivery = cause == null ? null : cause.delivery();
        if (delivery != null) {
            envs.putAll(delivery.variables());
            String peeled = BuildFactsAction.of(
                    build, GitCheckout.peeled(delivery.change().commit()));
            if (peeled != null) {
                envs.put("MINIBUILD_COMMIT", peeled);
            }
        }
    }
}
