/**
 * Notifications: what happened in a build becomes a {@code Notice}, a {@code Composer} writes it as messages for a channel, the {@code Outbox} keeps
 * them on disk, and a {@code ChannelQueue} sends them within what the service allows. One {@code Sender} a kind of service; the adapters connect them to
 * builds, forms and credentials.
 */
package io.jenkins.plugins.minibuild.notify;
