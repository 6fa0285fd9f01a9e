package io.jenkins.plugins.minibuild.notify;

/** How a service shows a picture. */
public enum PictureStyle {
    /** The sender is given the picture together with the text. */
    INSIDE,
    /** The picture is a message of its own. */
    APART,
    /** The text holds an address of this controller, {@code pictureUrl}, from which the service's clients fetch the picture. */
    BY_URL
}
