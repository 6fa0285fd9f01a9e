package io.jenkins.plugins.minibuild.webhook;

import java.io.IOException;

/** Asks the service of a job's repository what a delivery does not say. */
interface Rights {
    /**
     * Adds the commit of a merge request, where it comes from, and whether the person who acts may write to the repository.
     *
     * @return the delivery as it is where the job does not say which repository it is about, or names another one than the delivery
     * @throws IOException when the service does not say; the message is fit for users
     */
    Delivery ask(Target target, Delivery delivery) throws IOException, InterruptedException;
}
