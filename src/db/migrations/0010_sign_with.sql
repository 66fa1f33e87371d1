-- During a rotation, the secret that makes the signature headers with room for one signature. Rotations before this used the new one.
ALTER TABLE endpoints ADD COLUMN sign_with text NOT NULL DEFAULT 'new' CHECK (sign_with IN ('old', 'new'));
