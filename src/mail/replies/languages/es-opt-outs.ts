import type { OptOuts } from './rules.ts';

const month =
  '(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|primavera|verano|otono|invierno|navidad\\w*|vacaciones|trimestre|semestre|ejercicio|ano|mes|semana|lunes|martes|miercoles|jueves|viernes|20\\d\\d|\\d)';
const mails =
  '(?:mails?|e-?mails?|correos?|mensajes?|publicidad|propaganda|ofertas?|promocion\\w*|spam|boletin\\w*|newsletters?|comunicacion\\w*|envios?|informacion comercial)';

export const spanishOptOuts: OptOuts = {
  others: [
    '(?:solicitudes|peticiones) de (?:baja|supresion|eliminacion|borrado)',
    'automatica\\w*(?: \\S+){0,8}\\?$|(?:elimin\\w+|borr\\w+)(?: \\S+){0,4} (?:duplicados?|invalid\\w+|inactiv\\w+|antigu\\w+)|(?:gestion\\w*|gestionan|tratan)(?: \\S+){0,3} (?:bajas|desuscri\\w+)|(?:suscriptores|inscritos)(?: \\S+){0,3} (?:van|pierd\\w+)',
    '(?:destinatarios?|clientes?|usuarios?|suscriptor\\w*|contactos|lectores|miembros|socios|empleados|personas|gente)(?: \\S+){0,6} (?:se dan? de baja|darse de baja|se dan|dar de baja|cancel\\w+)|(?:se dan|se dieron|se den) (?:\\S+ )?de baja',
    '(?:demasiadas|muchas|tantas|mas|menos|las|nuestras|tasa de|numero de) (?:\\S+ )?bajas',
    '(?:esta|estan|estoy|estuvo|sigue|siguen|baja por|baja de|por) (?:\\S+ )?baja(?: (?:medica|maternal|laboral|por|hasta))?|(?:esta|estan|estoy) (?:\\S+ ){0,2}de baja',
    '(?:cancelar|parar|pausar|anular|terminar|dejar)(?: \\S+){0,3} (?:suscripcion|plan|contrato|prueba|licencia|cuota)(?: \\S+){0,8}\\?$',
    '(?:los|las|esos|todos los) (?:\\S+ )?(?:datos|ficheros|grabaciones|archivos|contactos)(?: \\S+){0,10}\\?$|datos(?: \\S+){0,4} (?:al terminar|al finalizar|al acabar|tras|cuando termin\\w+)',
  ],
  own: [
    '(?:pueden?|podrian?|podeis)(?: por favor)? (?:borrar|eliminar) (?:los|mis|nuestros|todos)',
    '(?:den|de|dame|dar|denme|deme|denos|quit\\w+|borr\\w+|elimin\\w+|retir\\w+|sac\\w+|excluy\\w+|suprim\\w+)(?:me|nos)\\b|(?:me|nos) (?:den|de|quiten|borren|eliminen|saquen|retiren|escrib\\w+|contact\\w+|mand\\w+|envi\\w+) ',
    '(?:mi|mis|nuestro|nuestra|nuestros|esta|este) (?:direccion|correo|mail|e-?mail|datos|buzon|nombre|cuenta)',
    '(?:darme|darnos|me doy|quiero la|solicito la|pido la|causar) (?:de )?baja|como (?:me|nos) (?:doy|damos|puedo dar)',
  ],
  later: [
    `(?:hasta|antes de|antes del|durante)(?: (?:el|la|los|las|que|fin|finales|principios|mediados|de|del|proximo|proxima|al menos|pasado|pasada|mes|este|esta))* ${month}`,
    'por ahora|por el momento|hasta (?:despues|pasado|que)',
  ],
  removal: [
    'baja\\b|borr\\w+|elimin\\w+|retir\\w+|suprim\\w+|supresion|quit\\w+|listas?|ficheros?|base de datos|rgpd|lopd\\w*|nunca|jamas|spam|desuscri\\w+',
  ],
  contrary: [
    'no (?:\\S+ ){0,4}a mi,? (?:sino|mand\\w+|envi\\w+|escrib\\w+|digase\\w*)',
    'no (?:dejes?|dejeis|dejen|pares?|paren|pareis|te pares) (?:de|ahi|por ahi|ahora)',
    'no (?:me |nos )?(?:lleg\\w+|recib\\w+)(?: \\S+){0,5} (?:enlace|acceso|invitacion|contrasena|adjunto|propuesta|factura|presupuesto)',
  ],
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        'como (?:darse|darme|se da uno|me doy|nos damos) de baja',
        '(?:pon\\w*|inclu\\w+|anad\\w+|agreg\\w+|met\\w+)(?: \\S+){0,3} (?:en|a) (?:su|la|una|tu|vuestra) lista (?:de (?:exclusion|bloqueo|supresion|no contactar|bajas|robinson)|negra|robinson)|(?:paren|parad|pare ya|basta ya|ya basta)$',
        '(?:dejar de|no|dejen de)(?: \\S+)? (?:figurar|aparecer|constar|estar|seguir)(?: \\S+)? (?:en|entre|dentro de) (?:su|sus|tu|vuestr\\w+|la|las|los) (?:\\S+ )?(?:envios?|listas?|destinatarios|ficheros?|base|contactos|correos)',
        '(?:sac|quit|borr|elimin)(?:ar|an|aran|arnos|arme|ad|uen|en|enme|ennos|enos|ame|anos|arais)?(?:me|nos)? (?:\\S+ )?(?:de ahi|de aqui|de esto|de eso|de alli|de la lista|de esta lista)|(?:nos|me) (?:saqu\\w+|sac\\w+|quit\\w+|borr\\w+) (?:de|ya)',
        '(?:olvid\\w+|tire\\w*|pierd\\w+) (?:\\S+ )?(?:esta|mi|nuestra|este|nuestro) (?:\\S+ )?(?:direccion|correo|e-?mail|mail|contacto)',
        '(?:ni|no)(?: \\S+){0,3} (?:un|ningun|mas) (?:correo|mail|e-?mail|mensaje)s? (?:mas|vuestros?|suyos?)|no (?:quiero|queremos)(?: \\S+)? (?:mas )?(?:correos|mails|mensajes)',
        '(?:retir\\w+|borr\\w+|elimin\\w+|quit\\w+|sac\\w+|suprim\\w+|bloque\\w+)(?:la|lo|me|nos|los|las)? (?:\\S+ ){0,3}(?:de|del) (?:su|sus|tu|tus|vuestra|vuestro|vuestros|la|las|los|esta)? ?(?:\\S+ )?(?:base|bases|ficheros?|archivos?|listas?|registros?|sistema|lista)|(?:retir|borr|elimin|suprim)\\w*(?:la|lo|los|me|nos) (?:de|por favor|ya|inmediatamente)',
        'no (?:me|nos|lo|la) (?:incluy\\w+|meta\\w*|pong\\w+|anad\\w+|agreg\\w+)(?: \\S+){0,4} (?:envios?|listas?|correos?|campanas?|mailings?|boletin\\w*|comunicacion\\w*)',
        `no (?:\\S+ )?(?:quer\\w+|quier\\w+|dese\\w+|acept\\w+|admit\\w+|autoric\\w+|autoriz\\w+|solicit\\w+|consient\\w+|permit\\w+|me interesa)(?: (?:mas|recibir|que|nos|me|lleguen?|envien|ningun\\w*|ese|este|esa|esta|tipo|de|su|sus|mas))* (?:${mails}|publicitari\\w+|comercial\\w*)`,
        `(?:pref\\w+|agradec\\w+|rueg\\w+|pid\\w+)(?: \\S+){0,3} (?:no|que no) (?:\\S+ )?(?:recib\\w+|vuelv\\w+|mand\\w+|envi\\w+|escrib\\w+|contact\\w+|incluy\\w+|sig\\w+)`,
        `(?:deja|deje|dejen|dejad|para|pare|paren|cesa|cese|cesen|basta)(?: ya)? (?:de|con) (?:\\S+ )?(?:mand\\w+|envi\\w+|escrib\\w+|contact\\w+|${mails})`,
        '(?:buzon|direccion|correo|cuenta|mail)(?: \\S+)? (?:es|esta|sirve)(?: \\S+){0,2} (?:solo|unicamente|exclusiv\\w+|reservad\\w+|para)(?: \\S+){0,8} (?:no|publicidad|absteng\\w+)|absteng\\w+',
        `(?:si|como|otro|otra|proxim\\w+|la proxima|a la proxima|vuelv\\w+)(?: \\S+){0,8} (?:insist\\w+|correo|mail|e-?mail|escrib\\w+|mensaje|envi\\w+|mand\\w+|contact\\w+|vez)(?: \\S+){0,6} (?:denunci\\w+|aepd|abogad\\w+|bloque\\w+|spam|report\\w+|reclam\\w+|demand\\w+)|si insiste\\w*(?: \\S+){0,6}`,
        '(?:no|nunca|jamas) (?:he|hemos|di|dimos|recuerdo haber\\w*|me he|me) (?:\\S+ )?(?:autorizado|consentido|consentimiento|suscrito|inscrito|permiso|dado (?:\\S+ )?(?:permiso|consentimiento))',
        'desuscri\\w+|(?:quiero|deseo|solicito|pido)(?: \\S+){0,2} (?:desuscri\\w+|la baja|baja)|^baja(?: por favor| gracias| ya)*$',
      ],
    },
  ],
};
