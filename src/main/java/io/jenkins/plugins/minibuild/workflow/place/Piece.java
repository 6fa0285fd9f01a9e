package io.jenkins.plugins.minibuild.workflow.place;

import java.io.Serializable;

/**
 * A part of what is delivered into a workspace: a folder, a link, or consecutive bytes of a file.
 *
 * @param kind what it is
 * @param path below the workspace, with slashes
 * @param target of a link; empty for others
 * @param mode the permissions of a file as Unix has them, for its last bytes; -1 where they are not known
 * @param modified the time of a file in milliseconds of the wall clock, for its last bytes; 0 where it is not known
 * @param bytes of a file; empty for others
 */
record Piece(Kind kind, String path, String target, int mode, long modified, byte[] bytes) implements Serializable {
    /** What a piece is. */
    enum Kind {
        /** A folder. */
        FOLDER,
        /** A symbolic link. */
        LINK,
        /** The first bytes of a file, and more follow. */
        BEGIN,
        /** More bytes, and more follow. */
        MORE,
        /** The last bytes of a file. */
        END,
        /** A whole file. */
        WHOLE
    }
}
